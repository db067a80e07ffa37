import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { mortal, writeBusyStrategy } from '../support/mortal-session.ts';
import { emptyHome, runAlgo } from '../support/run-algo.ts';
import { counted, differences } from '../support/sandbox-oracle.ts';
import { type SandboxProcess, sandboxProcess } from '../support/sandbox-process.ts';

/** Deaths of live and of paper sessions; ALGO_KILLS=60 and more for the long version, which plays several days. */
const kills = Number(process.env.ALGO_KILLS ?? 3);
const seed = Number(process.env.ALGO_SEED ?? 1);
const long = kills > 10;

/** Each where a record, a sync, a request or the recovery is before, in the midst of, or behind something. */
const labels = [
  ...[
    'before-place',
    'mid-append',
    'torn-kept',
    'after-sync',
    'answered-place',
    'before-sync',
    'after-place',
  ],
  ...[
    'before-resumed',
    'before-append',
    'answer-place',
    'after-resumed',
    'after-append',
    'replay',
    'before-cancel',
  ],
  ...['after-cancel', 'mid-append', 'torn-cut', 'before-change', 'after-change', 'before-sent', 'after-sent'],
  ...[
    'before-intent',
    'after-intent',
    'before-bars',
    'after-bars',
    'answered-cancel',
    'before-trade',
    'after-ack',
  ],
];
/** Passed once and early in each process, or else whenever a draw says. */
const early = /^(torn|before-resumed|after-resumed|replay|before-bars|after-bars)/;

const market = ['--set', 'synthetic.days=40', '--set', 'synthetic.symbols=2'];
const what = ['NSE:INFY', 'NSE:TCS', '-s', 'busy', '--feed', 'sandbox', '--warm-up', '5', ...market];
const modes = {
  live: { args: ['live', ...what, '--confirm', 'SBX001'], stream: 'sbx001' },
  paper: { args: ['paper', ...what], stream: 'main' },
} as const;
const first = emptyHome();
let sandbox: SandboxProcess | undefined;

beforeAll(async () => {
  writeBusyStrategy(first);
  // Makes the market once for all days.
  expect((await runAlgo(['data', 'generate', ...market], { home: first })).exitCode).toBe(0);
});
afterAll(() => {
  sandbox?.child.kill('SIGKILL');
});

/** The same draws for the same seed. */
let state = seed;
const drawn = (below: number) => {
  state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
  return Math.floor((state / 2_147_483_648) * below);
};

/** A day on which the session dies so often, as far as the day lasts, and then lives to its end. Answers how often it died. */
async function day(mode: keyof typeof modes, deaths: number, from: number) {
  const { args, stream } = modes[mode];
  const home = emptyHome();
  cpSync(first, home, { recursive: true });

  const running = sandboxProcess(
    home,
    '--speed',
    '60x',
    '--at',
    long ? '09:20' : '14:15',
    '--no-limits',
    ...market,
  );
  sandbox = running;
  const started = await running.started;
  const died: string[] = [];
  const clock = async () => JSON.parse((await runAlgo(['sandbox', 'status', '--json'], { home })).stdout).now;
  // What dies later than this may find its broker squaring off before it comes back.
  while (died.length < deaths && (await clock()).slice(11, 16) < '14:50') {
    const label = labels[(from + died.length) % labels.length];
    const at = `${label}@${early.test(label) ? 1 : 1 + drawn(12)}`;
    const { exitCode, killed, said } = await mortal(home, args, {
      at,
      afterMs: 2_000 + drawn(long ? 8_000 : 4_000),
    });
    if (!killed) throw new Error(`${mode} at ${at} ended with ${exitCode}: ${said}`);
    died.push(killed === 'label' ? label : 'at random');
  }
  const last = await mortal(home, [...args, '--json']);
  expect({ died, exitCode: last.exitCode, said: last.exitCode === 0 ? '' : last.said }).toMatchObject({
    exitCode: 0,
  });
  const folder = join(home, 'data', 'journal', mode, stream);
  const counts = counted(folder);
  expect(counts.order).toBeGreaterThan(4);
  expect(counts.resumed).toBeGreaterThan(0);
  if (mode === 'live')
    expect({ died, wrong: await differences(started, folder) }).toEqual({ died, wrong: [] });
  const report = JSON.parse(last.said.slice(last.said.indexOf('{\n')));
  expect({ ended: report.ended, overnight: report.overnight }).toEqual({ ended: true, overnight: false });
  const verified = await runAlgo(['journal', 'verify', '--json'], { home });
  expect({ exitCode: verified.exitCode, text: verified.stdout.slice(0, 500) }).toMatchObject({ exitCode: 0 });
  running.child.kill('SIGTERM');
  await running.exit;
  return died;
}

// A short paper day without the long form: a replayed one is killed in paper.test.ts.
test.each(long ? (['live', 'paper'] as const) : (['live'] as const))(
  'a %s session killed at any point ends its day with nothing twice and nothing lost',
  async (mode) => {
    const died: string[] = [];
    while (died.length < kills) died.push(...(await day(mode, kills - died.length, died.length + seed - 1)));
    if (long) {
      const counts = [...new Set(died)]
        .sort()
        .map((label) => `${label} ${died.filter((each) => each === label).length}`);
      process.stderr.write(`${mode}: ${died.length} deaths: ${counts.join(', ')}\n`);
    }
    expect(died.length).toBeGreaterThanOrEqual(kills);
  },
  long ? 7_200_000 : 180_000,
);
