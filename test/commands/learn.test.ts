import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { clockOf, dayNumberOf, isoDateOfDay, weekdayOf } from '../../src/domain/time.ts';
import { chanceOf } from '../../src/research/learn/chance.ts';
import { askAlgo, emptyHome } from '../support/run-algo.ts';

const home = emptyHome();
const algo = (...args: string[]) => askAlgo(args, { home });
const settings = join(home, 'configs', 'default.yaml');
const mine = '# mine\nrisk:\n  maxOpenPositions: 4 # a few\n';

const hourly = `import { defineStrategy } from 'algo/strategy';
export default defineStrategy({
  name: 'hourly',
  about: 'Long at the beginning of every hour, out half an hour later.',
  timeframe: '5m',
  params: {},
  setup: () => ({
    onBar({ position, session, buy, exit }) {
      if (position.flat && session.minute % 60 === 0) buy();
      else if (position.bars >= 6) exit();
    },
  }),
});
`;

/** Half a year of five-minute bars that wander, but fall from 12:00 to 13:00 and come back in the two hours after. */
function marketThatFallsAtNoon(): string {
  const chance = chanceOf(11);
  const lines = ['date,open,high,low,close,volume'];
  let close = 1_000;
  for (let day = dayNumberOf('2025-04-07'); day < dayNumberOf('2025-10-07'); day++) {
    if (weekdayOf(day) === 0 || weekdayOf(day) === 6) continue;
    for (let minute = 555; minute < 930; minute += 5) {
      const drift = minute >= 720 && minute < 780 ? -0.0012 : minute >= 780 && minute < 900 ? 0.0006 : 0;
      const open = close;
      close = Math.round(open * (1 + drift + (chance() - 0.5) * 0.002) * 20) / 20;
      const prices = [open, Math.max(open, close) + 0.5, Math.min(open, close) - 0.5, close];
      lines.push(
        `${isoDateOfDay(day)} ${clockOf(minute)},${prices.map((price) => price.toFixed(2)).join(',')},500000`,
      );
    }
  }
  return `${lines.join('\n')}\n`;
}

beforeAll(async () => {
  mkdirSync(join(home, 'strategies'));
  mkdirSync(join(home, 'configs'));
  writeFileSync(join(home, 'strategies', 'hourly.ts'), hourly);
  writeFileSync(settings, mine);
  writeFileSync(join(home, 'noon.csv'), marketThatFallsAtNoon());
  const imported = await algo(
    'data',
    'import',
    join(home, 'noon.csv'),
    '--as',
    'NSE:NOON',
    '--timeframe',
    '5m',
  );
  expect(imported).toMatchObject({ exitCode: 0 });
  expect(await algo('backtest', 'NSE:NOON', '-s', 'hourly', '--product', 'MIS')).toMatchObject({
    exitCode: 0,
  });
});

describe('algo learn', () => {
  test('finds the hour that bleeds, and says on what evidence', async () => {
    const { stdout, exitCode } = await algo('learn', 'run', '--json');
    expect(exitCode).toBe(0);
    const study = JSON.parse(stdout);
    expect(study.proposals).toMatchObject([
      {
        what: 'no entries of hourly from 12:00 to 13:00',
        settings: { entryWindows: ['00:00-12:00', '13:00-23:59'] },
      },
    ]);
    const [finding] = study.findings.filter(({ label }: { label: string }) => label === '12:00');
    expect(finding).toMatchObject({ effect: 'bleeds', verdict: 'holds' });
    expect(finding.training.inside.highPercent).toBeLessThan(0);
    expect(study.tradeScores).toHaveLength(study.trades);
    const { stdout: text } = await algo('learn', 'show');
    expect(text).toContain('no entries of hourly from 12:00 to 13:00');
    expect(text).toContain('Nothing has been changed.');
    expect(text).toContain('The held-out part run again');
    const { before, after, difference } = study.trial;
    expect(before.trades - after.trades).toBeGreaterThan(20);
    expect(Number(after.net)).toBeGreaterThan(Number(before.net));
    expect(Number(difference.dayLow)).toBeGreaterThan(0);
    expect(readFileSync(settings, 'utf8')).toBe(mine);
  });

  test('apply needs a yes, shows the difference, and keeps the comments', async () => {
    const unasked = await algo('learn', 'apply');
    expect(unasked.exitCode).toBe(2);
    expect(unasked.stderr).toContain('+     entryWindows: ["00:00-12:00", "13:00-23:59"]');
    expect(readFileSync(settings, 'utf8')).toBe(mine);
    const dry = await algo('learn', 'apply', '--dry-run');
    expect(dry).toMatchObject({ exitCode: 0, stderr: '' });
    expect(dry.stdout).toMatch(/\+ +entryWindows[\s\S]+as it was[\s\S]+with it[\s\S]+Nothing was written/);
    expect(readFileSync(settings, 'utf8')).toBe(mine);
    const { stdout, exitCode } = await algo('learn', 'apply', '--yes');
    expect({ exitCode, stdout }).toMatchObject({ exitCode: 0 });
    const written = readFileSync(settings, 'utf8');
    expect(written.startsWith(mine)).toBe(true);
    expect(written).toContain('strategies:\n  hourly:\n    entryWindows:');
    expect((await algo('learn', 'apply', '--yes')).stderr).toContain('only what is in force already');
  });

  test('what was applied is in force in the next backtest', async () => {
    const { stdout } = await algo('backtest', 'NSE:NOON', '-s', 'hourly', '--product', 'MIS', '--json');
    const { trades, refusals } = JSON.parse(stdout);
    const hours = new Set(trades.map(({ entryTime }: { entryTime: string }) => entryTime.slice(11, 13)));
    expect(hours.has('12')).toBe(false);
    expect(hours.has('11') && hours.has('13')).toBe(true);
    expect(refusals.map(({ code }: { code: string }) => code)).toContain('RISK_ENTRY_WINDOW');
  });

  test('undo puts back what was there, but not over later edits', async () => {
    const applied = readFileSync(settings, 'utf8');
    writeFileSync(settings, `${applied}# and more\n`);
    const refused = await algo('learn', 'apply', '--undo', '--yes');
    expect(refused.exitCode).toBe(2);
    expect(refused.stderr).toContain('was changed after study');
    writeFileSync(settings, applied);
    expect((await algo('learn', 'apply', '--undo', '--yes')).exitCode).toBe(0);
    expect(readFileSync(settings, 'utf8')).toBe(mine);
    expect((await algo('learn', 'apply', '--undo', '--yes')).exitCode).toBe(2);
  });

  test('a file that was not there is made, and taken away again', async () => {
    rmSync(settings);
    expect((await algo('learn', 'apply', '--yes')).exitCode).toBe(0);
    expect(readFileSync(settings, 'utf8')).toMatch(/^strategies:\n {2}hourly:\n/);
    expect((await algo('learn', 'apply', '--undo', '--yes')).exitCode).toBe(0);
    expect(() => readFileSync(settings)).toThrow('ENOENT');
  });

  test('sessions teach what a backtest does, and nothing is tried in their place', async () => {
    const days = ['--feed', 'replay:2025-07-01..2025-10-06', '--speed', 'max', '--set', 'product=MIS'];
    expect(await algo('paper', 'NSE:NOON', '-s', 'hourly', ...days)).toMatchObject({ exitCode: 0 });
    const { stdout, exitCode } = await algo('learn', 'run', '--mode', 'paper', '--json');
    expect(exitCode).toBe(0);
    const study = JSON.parse(stdout);
    expect(study.run.sessions).toMatch(/^paper\/main: session .* of hourly, 2025-07-01 to 2025-10-06/);
    expect(study.trades).toBeGreaterThan(200);
    expect(study.proposals.map(({ what }: { what: string }) => what)).toContain(
      'no entries of hourly from 12:00 to 13:00',
    );
    expect(study.trial).toBeUndefined();
    expect((await algo('learn', 'show')).stdout).toContain('nobody can say');
  });

  test('too few trades, no study and an unknown strategy are told', async () => {
    const few = await algo('backtest', 'NSE:NOON', '-s', 'hourly', '--product', 'MIS', '--days', '3');
    expect(few.exitCode).toBe(0);
    expect((await algo('learn', 'run')).stderr).toContain('nothing can be learnt from fewer than 60');
    expect((await algo('learn', 'show', 'ffff')).stderr).toContain('begins no study');
    expect((await algo('learn', 'run', '-s', 'hourli')).stderr).toContain('Did you mean "hourly"?');
  });
});
