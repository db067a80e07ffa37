import { cpSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { mortal, writeBusyStrategy } from '../support/mortal-session.ts';
import { emptyHome, runAlgo } from '../support/run-algo.ts';
import { counted, differences, linesOf } from '../support/sandbox-oracle.ts';
import { type SandboxProcess, sandboxProcess } from '../support/sandbox-process.ts';

/** Deaths of live and of paper sessions, over several days: `ALGO_DEATHS=60 npm test -- test/e2e/crash`. */
const kills = Number(process.env.ALGO_DEATHS ?? 0);
const seed = Number(process.env.ALGO_SEED ?? 1);

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

async function opened(at: string) {
  const home = emptyHome();
  cpSync(first, home, { recursive: true });
  const running = sandboxProcess(home, '--paused', '--speed', '60x', '--at', at, '--no-limits', ...market);
  sandbox = running;
  const started = await running.started;
  const { secret } = JSON.parse(readFileSync(join(home, 'data', 'sandbox', 'sandbox.json'), 'utf8'));
  const control = async (path: string, action: object): Promise<{ now?: string }> => {
    const headers = { 'content-type': 'application/json', 'x-sandbox-secret': secret };
    const answer = await fetch(`${started.url}/sandbox/${path}`, {
      ...{ method: 'POST', headers, body: JSON.stringify(action) },
    });
    expect(answer.status).toBe(200);
    return Object(await answer.json());
  };
  return { home, running, started, control };
}
type Opened = Awaited<ReturnType<typeof opened>>;

/** A session that is killed; the market stands still until one is up again, so that a slow computer does not eat the day. */
async function dies(mode: keyof typeof modes, { home, control }: Opened, at: string, afterMs: number) {
  const up = () => control('clock', { action: 'resume' });
  const { exitCode, killed, said } = await mortal(home, modes[mode].args, { at, afterMs, up });
  if (!killed) throw new Error(`${mode} at ${at} ended with ${exitCode}: ${said}`);
  await control('clock', { action: 'pause' });
  return killed === 'label' ? at.replace(/@.*/, '') : 'at random';
}

/** The session's last life and what holds at the end of every day, however it went. */
async function endsWell(
  mode: keyof typeof modes,
  { home, started, running, control }: Opened,
  died: readonly string[],
) {
  const { args, stream } = modes[mode];
  const up = () => control('clock', { action: 'resume' });
  const last = await mortal(home, args, { up });
  expect({ died, exitCode: last.exitCode, said: last.exitCode === 0 ? '' : last.said }).toMatchObject({
    exitCode: 0,
  });
  const folder = join(home, 'data', 'journal', mode, stream);
  const counts = counted(folder);
  expect(counts.order).toBeGreaterThan(4);
  expect(counts.resumed).toBeGreaterThan(0);
  if (mode === 'live')
    expect({ died, wrong: await differences(started, folder) }).toEqual({ died, wrong: [] });
  // A session that holds something, or has an order in doubt, does not end with its day.
  expect(linesOf(folder).at(-1)).toMatchObject({ t: 'session_end', reason: 'day-end' });
  const verified = await runAlgo(['journal', 'verify', '--json'], { home });
  expect({ exitCode: verified.exitCode, text: verified.stdout.slice(0, 500) }).toMatchObject({ exitCode: 0 });
  running.child.kill('SIGTERM');
  await running.exit;
}

/** A day on which the session dies so often, as far as the day lasts, and then lives to its end. Answers where it died. */
async function mortalDay(mode: keyof typeof modes, deaths: number, from: number) {
  const world = await opened('09:20');
  const died: string[] = [];
  const now = async () => String((await world.control('clock', { action: 'pause' })).now).slice(11, 16);
  // What dies later than this may find its broker squaring off before it comes back.
  while (died.length < deaths && (await now()) < '14:50') {
    const label = labels[(from + died.length) % labels.length];
    const at = `${label}@${early.test(label) ? 1 : 1 + drawn(12)}`;
    died.push(await dies(mode, world, at, 2_000 + drawn(8_000)));
  }
  await endsWell(mode, world, died);
  return died;
}

const long = kills > 0 ? test : test.skip;
long.each(['live', 'paper'] as const)(
  'a %s session killed at any point ends its day with nothing twice and nothing lost (ALGO_DEATHS)',
  async (mode) => {
    const died: string[] = [];
    while (died.length < kills)
      died.push(...(await mortalDay(mode, kills - died.length, died.length + seed - 1)));
    const counts = [...new Set(died)]
      .sort()
      .map((label) => `${label} ${died.filter((each) => each === label).length}`);
    process.stderr.write(`${mode}: ${died.length} deaths: ${counts.join(', ')}\n`);
  },
  7_200_000,
);
