import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { sessionRecord, streamIn, tradeRecords, writeJournal } from '../support/made-journal.ts';
import { askAlgo, emptyHome } from '../support/run-algo.ts';

const home = emptyHome();
const algo = (...args: string[]) => askAlgo(args, { home });
const json = async (...args: string[]) => {
  const { stdout } = await algo(...args, '--json');
  return JSON.parse(stdout);
};
const market = ['--set', 'synthetic.days=40', '--set', 'synthetic.symbols=2'];

beforeAll(async () => {
  const strategy = ['-s', 'opening_range_breakout'];
  const tested = await algo('backtest', ...strategy, '--from', '2025-11-10', '--to', '2025-11-26', ...market);
  expect(tested.exitCode).toBe(0);
  const feed = ['--feed', 'replay:2025-11-10..2025-11-26', '--warm-up', '0'];
  expect((await algo('paper', ...strategy, ...feed, ...market)).exitCode).toBe(0);
});

describe('algo analyze of paper sessions', () => {
  test('tells of a session what it tells of the backtest of the same bars, and that nothing was lost', async () => {
    const backtest = await json('analyze', '--mode', 'backtest');
    const paper = await json('analyze', '--mode', 'all');
    expect(backtest.trades).toBeGreaterThan(5);
    const { run: _, comparison: none, ...tested } = backtest;
    const { run: name, comparison, ...papered } = paper;
    expect(none).toBeNull();
    expect(name).toBe('paper/main');
    expect(comparison).toMatchObject({
      run: backtest.run,
      matched: backtest.trades,
      same: backtest.trades,
      differences: [],
    });
    // A kept backtest has its account by day and its extremes rounded to the paisa.
    for (const document of [tested, papered]) {
      document.excursions = null;
      document.account.maxDrawdownPercent = null;
      document.account.calmar = null;
      for (const costly of document.slippage.costliest) costly.trade = null;
    }
    expect(papered).toEqual(tested);
  });

  test('tags and notes are in the report and tell trades apart', async () => {
    expect(await json('journal', 'tag', 'paper/main/1/1', 'gap', 'late')).toMatchObject({
      tags: ['gap', 'late'],
    });
    await json('journal', 'tag', 'paper/main/1/1', '--remove', 'late');
    await json('journal', 'note', 'paper/main/1/1', 'chased it');
    const { attribution, noted } = await json('analyze', '--mode', 'paper', '--by', 'tag,mode,stream');
    expect(attribution[0].rows.map((row: { name: string }) => row.name)).toContain('gap');
    expect(noted).toEqual([{ trade: 'paper/main/1/1', tags: ['gap'], notes: ['chased it'] }]);
    const { stdout } = await algo('analyze', '--mode', 'paper', '--breakdown', 'week');
    for (const words of ['paper/main: session', 'By week', 'Tags and notes', 'chased it'])
      expect(stdout).toContain(words);
    expect((await algo('journal', 'verify')).exitCode).toBe(0);
  });

  test('SQL sees sessions and backtests, and can do nothing else', async () => {
    const sql = 'select mode, count(*) as trades, sum(pnl) as net from trades group by mode order by mode';
    const { rows } = await json('analyze', '--sql', sql);
    expect(rows.map(([mode]: string[]) => mode)).toEqual(['backtest', 'paper']);
    expect(rows[0].slice(1)).toEqual(rows[1].slice(1));
    for (const [query, message] of [
      ["copy trades to 'x.csv'", 'answers one SELECT over trades and journals and touches nothing else'],
      ["select * from read_csv('/etc/passwd')", 'touches nothing else'],
      ['select 1; select 2', '2 statements were received'],
      ['selct 1', 'The query was not understood'],
    ]) {
      const { exitCode, stderr } = await algo('analyze', '--sql', String(query));
      expect({ exitCode, told: stderr.includes(String(message)) ? message : stderr }).toEqual({
        exitCode: 2,
        told: message,
      });
    }
  });

  test('trades go into CSV and Parquet with the same rows', async () => {
    const [csv, parquet] = [join(home, 'paper.csv'), join(home, 'paper.parquet')];
    const { exitCode } = await algo('analyze', '--mode', 'paper', '--csv', csv, '--parquet', parquet);
    expect(exitCode).toBe(0);
    expect(readFileSync(csv, 'utf8').split('\n').length).toBeGreaterThan(5);
    expect(readFileSync(parquet).subarray(0, 4).toString()).toBe('PAR1');
  });

  test.each([
    [['analyze', '--stream', 'mian'], /no journal of a stream "mian"\. Did you mean "main"\?/],
    [['analyze', '--mode', 'live'], /There is no live journal yet/],
    [['analyze', '--mode', 'paper', '--run', 'zzz'], /No session "zzz" is in the journals/],
    [['journal', 'note', 'paper/main/1/999', 'x'], /There is no trade paper\/main\/1\/999/],
    [['journal', 'note', 'main', 'x'], /"main" names no trade and no session/],
    [['journal', 'tag', 'paper/main/1/1', 'Late Entry'], /"Late Entry" cannot be a tag/],
  ])('%j fails with one sentence', async (args, message) => {
    const { exitCode, stderr } = await algo(...args);
    expect({ exitCode, stderr }).toEqual({ exitCode: 2, stderr: expect.stringMatching(message) });
  });
});

test('a live journal is a book of its own', async () => {
  const own = emptyHome();
  const context = {
    folders: { root: own, home: own, data: join(own, 'data'), cache: join(own, 'data', 'cache') },
  };
  writeJournal(streamIn(context, 'main', 'live'), [
    sessionRecord(),
    ...tradeRecords({ id: 1 }),
    ...tradeRecords({ id: 2 }),
  ]);
  const { stdout } = await askAlgo(['analyze', '--mode', 'live', '--json'], { home: own });
  expect(JSON.parse(stdout)).toMatchObject({ run: 'live/main', trades: 2, net: '18.00' });
});
