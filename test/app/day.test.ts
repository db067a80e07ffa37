import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { type DayPlan, dayPlan } from '../../src/app/day-plan.ts';
import { DayRecord, dayFolder } from '../../src/app/day-record.ts';
import { loginStep } from '../../src/app/day-steps.ts';
import { type OpenContext, openContext } from '../../src/app/open-context.ts';
import { isoInstant } from '../../src/domain/time.ts';

const home = mkdtempSync(join(tmpdir(), 'algo-day-'));
afterAll(() => rmSync(home, { recursive: true, force: true }));

const contextOf = (...set: string[]): Promise<OpenContext> => openContext({ home, set, silent: true });
const at = (text: string) => Date.parse(`${text}+05:30`);
const times = ({ steps }: DayPlan) =>
  Object.fromEntries(steps.map((step) => [step.name, isoInstant(step.at).slice(11, 16)]));

async function planned(now: string, ...set: string[]): Promise<DayPlan> {
  const plan = await dayPlan(await contextOf(...set), at(now), { mode: 'paper' });
  if (!('steps' in plan)) throw new Error(`closed on ${now}`);
  return plan;
}

test('a day has the times of the configuration, and those of its markets', async () => {
  expect(times(await planned('2026-10-06T07:00', 'universe=["NSE:INFY"]'))).toEqual({
    ...{ login: '08:30', instruments: '08:45', 'warm-up': '09:00', session: '09:14' },
    ...{ 'square-off': '15:05', reconcile: '15:32', report: '15:35' },
  });
  const commodities = await planned('2026-10-06T07:00', 'universe=["MCX:GOLD26DECFUT"]', 'day.login=07:45');
  expect(times(commodities)).toMatchObject({ login: '07:45', 'warm-up': '08:59', session: '08:59' });
  expect(isoInstant(commodities.close).slice(11, 16)).toBe('23:30');
});

test('a special session shifts what depends on its opening, and steps come no later than it', async () => {
  const muhurat = await planned('2026-11-08T08:00', 'universe=["NSE:INFY"]');
  expect(muhurat.special).toContain('Muhurat');
  expect(times(muhurat)).toMatchObject({ login: '08:30', instruments: '08:45' });
  expect(muhurat.steps.find(({ name }) => name === 'session')?.at).toBe(muhurat.open - 60_000);
});

test('of a day without trading the holiday and the next trading day are known', async () => {
  const context = await contextOf('universe=["NSE:INFY"]');
  expect(await dayPlan(context, at('2026-10-02T08:00'), { mode: 'paper' })).toEqual({
    date: '2026-10-02',
    exchange: 'NSE',
    holiday: expect.stringContaining('Gandhi'),
    next: '2026-10-05',
  });
});

test('what is over is on the disk, and belongs to one market only', async () => {
  const folder = dayFolder(await contextOf(), 'paper', 'fno');
  const now = at('2026-10-06T10:00');
  const record = DayRecord.open(folder, '2026-10-06', now);
  record.over('login', { state: 'done', at: now, outcome: 'logged in' });
  record.over('session', { state: 'skipped', at: now, outcome: 'closed' }, 'how it went');
  const again = DayRecord.open(folder, '2026-10-06', now + 1);
  expect([again.get('login')?.outcome, again.get('report'), again.session]).toEqual([
    'logged in',
    undefined,
    'how it went',
  ]);
  expect(DayRecord.open(folder, '2026-10-06', at('2026-10-06T08:00')).get('login')).toBeUndefined();
});

test('a login that is missing is waited for, said once, and its time ends the day with what to do', async () => {
  const context = await contextOf();
  const notes: string[] = [];
  let now = at('2026-10-06T08:30');
  const clock = {
    now: () => now,
    at(time: number, wake: () => void) {
      now = time;
      const timer = setImmediate(wake);
      return () => clearImmediate(timer);
    },
  };
  const login = loginStep(
    { ...context, output: { ...context.output, note: (sentence) => notes.push(sentence) } },
    { mode: 'paper', feed: 'kite', warmUpDays: 60, stream: 'fno' },
    { clock, wait: at('2026-10-06T09:10'), signal: new AbortController().signal },
  );
  await expect(login).rejects.toMatchObject({ exitCode: 4, fix: expect.stringContaining('algo login') });
  expect(now).toBe(at('2026-10-06T09:10'));
  expect(notes).toEqual([
    expect.stringContaining('Not logged in: no Kite account is set up. The day waits for it.'),
  ]);
});
