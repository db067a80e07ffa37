import { rmSync } from 'node:fs';
import { afterAll, expect, test } from '@jest/globals';
import { emptyHome, type Finished, runAlgo } from '../support/run-algo.ts';
import { type SandboxProcess, sandboxProcess } from '../support/sandbox-process.ts';

/** How often backfill and analyze run beside the sessions; the market has to stay open for all of them: 30 at most. */
const rounds = Number(process.env.ALGO_CRON_ROUNDS ?? 1);

const home = emptyHome();
let sandbox: SandboxProcess | undefined;
afterAll(async () => {
  sandbox?.child.kill('SIGTERM');
  await sandbox?.exit;
  rmSync(home, { recursive: true, force: true });
});

const algo = (...args: string[]) => runAlgo(args, { home });
const pass = () => algo('paper', 'equity', '--feed', 'sandbox', '--stream', 'passes', '--once');
const faults = ({ exitCode, stderr }: Finished) =>
  exitCode === 0 && !/lock|IO Error|busy/i.test(stderr) ? [] : [{ exitCode, stderr }];

test(
  'two sessions, a backfill and an analysis share one home and one sandbox, and lose nothing',
  async () => {
    sandbox = sandboxProcess(
      home,
      '--profile',
      'fno',
      '--date',
      '2026-10-06',
      '--at',
      rounds > 1 ? '09:10' : '12:00',
      '--speed',
      '20x',
    );
    await sandbox.started;
    expect(faults(await algo('login', '--sandbox'))).toEqual([]);
    // A pass begins the journal that is analysed.
    expect(faults(await pass())).toEqual([]);
    const sessions = ['equity', 'fno'].map((profile) =>
      algo('paper', profile, '--feed', 'sandbox', '--json'),
    );
    const beside: Finished[] = [];
    for (let round = 0; round < rounds; round++)
      beside.push(
        ...(await Promise.all([
          algo(
            'backfill',
            'NSE:ZAVORI',
            'NSE:KENDRUM',
            '--timeframe',
            '5m,day',
            '--days',
            '30',
            ...(round > 0 ? ['--force'] : []),
          ),
          algo('analyze', '--mode', 'paper'),
          algo('journal', 'verify'),
          pass(),
        ])),
      );
    const hurried = await algo('sandbox', 'clock', 'speed', '600x');
    const ended = await Promise.all(sessions);
    expect([...beside, hurried].flatMap(faults)).toEqual([]);
    expect(ended.flatMap(faults)).toEqual([]);
    const told = ended.map(({ stdout }) => JSON.parse(stdout));
    expect(told.map(({ stream }) => stream)).toEqual(['equity', 'fno']);
    expect(faults(await algo('journal', 'verify'))).toEqual([]);
    expect(faults(await algo('journal', 'rebuild'))).toEqual([]);
    const listed = JSON.parse((await algo('journal', 'list', '--json')).stdout);
    for (const stream of Object.values<{ faults: unknown[]; sessions: unknown[] }>(
      listed.streams ?? listed,
    )) {
      expect(stream.faults).toEqual([]);
      expect(stream.sessions.length).toBe(1);
    }
  },
  180_000 + rounds * 60_000,
);
