import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { askAlgo, emptyHome } from '../support/run-algo.ts';

const home = emptyHome();
const small = [
  ...['--set', 'synthetic.days=30', '--set', 'synthetic.symbols=3', '--set', 'synthetic.timeframe=day'],
];
const algo = (...args: string[]) => askAlgo([...args, ...small], { home });
const document = async (...args: string[]) => JSON.parse((await algo(...args, '--json')).stdout);

const index = join(home, 'ind_nifty3list.csv');
const contracts = join(home, 'instruments-2026-08-18.csv');

beforeAll(async () => {
  mkdirSync(home, { recursive: true });
  writeFileSync(
    index,
    'Company Name,Industry,Symbol,Series\nInfosys,Information Technology,INFY,EQ\nTCS,Information Technology,TCS,EQ\n',
  );
  const row = (token: number, symbol: string, name: string, segment: string, expiry = '') =>
    `${token},${token},${symbol},${name},0,${expiry},0,0.05,1,${expiry === '' ? 'EQ' : 'FUT'},${segment},${segment.slice(0, 3)}`;
  writeFileSync(
    contracts,
    [
      'instrument_token,exchange_token,tradingsymbol,name,last_price,expiry,strike,tick_size,lot_size,instrument_type,segment,exchange',
      row(1, 'INFY26AUGFUT', 'INFY', 'NFO-FUT', '2026-08-25'),
      row(2, 'NIFTY26AUGFUT', 'NIFTY', 'NFO-FUT', '2026-08-25'),
      row(3, 'INFY', 'INFOSYS', 'NSE'),
      '',
    ].join('\n'),
  );
  expect((await algo('scan', '--where', 'close > 0')).exitCode).toBe(0);
});

describe('algo universe', () => {
  test('saves words and scan hits, shows and removes them', async () => {
    const saved = await document('universe', 'save', 'mine', 'SYN:ZAVORI', 'NSE:NOWHERE');
    expect(saved).toEqual({
      name: 'mine',
      file: 'universes/mine.txt',
      instruments: 2,
      sectors: 0,
      missing: 1,
    });
    expect(readFileSync(join(home, 'universes/mine.txt'), 'utf8')).toMatch(
      /^# 2 instruments, .*\nSYN:ZAVORI\n/,
    );
    const shown = await document('universe', 'show', 'MINE');
    expect(shown.members[0].stored).toMatchObject([{ timeframe: 'day' }]);
    expect(shown.members[1].why).toMatch(/no instrument list of NSE is imported/);
    const hits = await document(
      'universe',
      'save',
      'hits',
      '--where',
      'close > 0',
      '--universe',
      'synthetic',
    );
    expect(hits).toMatchObject({ instruments: 3, missing: 0 });
    expect((await algo('universe', 'remove', 'hits')).stdout).toContain('Removed universes/hits.txt.');
    expect((await algo('universe', 'show', 'hits')).stderr).toMatch(/There is no universe "hits"/);
  });

  test('a scan and a backtest take a saved universe, and say what of it is not stored', async () => {
    const scanned = await document('scan', '--where', 'close > 0', '--universe', 'mine');
    expect(scanned).toMatchObject({ found: 1, failed: [{ instrument: 'NSE:NOWHERE' }] });
    const run = await algo('backtest', 'mine', '-s', 'ema20_50', '-i', 'day', '--no-save');
    expect(run.exitCode).toBe(0);
    expect(`${run.stdout}${run.stderr}`).toMatch(/1 of the universe has no stored bars.*NSE:NOWHERE/);
  });

  test('imported members of an index keep their sectors and the day from which they hold', async () => {
    expect(await document('universe', 'import', index, '--day', '2026-03-31')).toMatchObject({
      name: 'nifty3',
      sectors: 1,
    });
    await algo('universe', 'import', contracts, '--name', 'nifty3', '--day', '2026-09-30');
    const members = async (day: string) =>
      (await document('universe', 'show', 'nifty3', '--day', day)).members.map(
        (each: { instrument: string }) => each.instrument,
      );
    expect(await members('2026-04-01')).toEqual(['NSE:INFY', 'NSE:TCS']);
    expect(await members('2026-10-01')).toContain('NSE:INFY26AUGFUT');
  });

  test('F&O is the shares with a future in the list of the day', async () => {
    const before = await algo('universe', 'show', 'F&O');
    expect(before.exitCode).toBe(5);
    expect(before.stderr).toMatch(/no instrument list of NFO is imported/);
    await algo('instruments', 'import', contracts);
    const shown = await document('universe', 'show', 'f&o');
    expect(shown.members).toEqual([
      { instrument: 'NSE:INFY', sector: null, stored: [], why: 'listed, but never fetched or imported' },
    ]);
    expect((await algo('scan', 'nr7', '--universe', 'fno')).stderr).toMatch(/algo backfill fno -i day/);
  });

  test.each([
    [['universe', 'save', 'all', 'SYN:ZAVORI'], 2, /cannot be called "all"/],
    [['universe', 'save', 'zavori', 'SYN:ZAVORI'], 2, /would hide the instrument SYN:ZAVORI/],
    [['universe', 'import', 'nowhere.csv'], 2, /nowhere\.csv does not exist/],
    [['universe', 'show', 'mien'], 2, /Did you mean "mine"/],
    [['universe', 'remove', 'nifty33'], 2, /Did you mean "nifty3"/],
  ])('%j fails with one sentence', async (args, exitCode, message) => {
    const done = await algo(...args);
    expect(done.stderr).toMatch(message);
    expect(done.exitCode).toBe(exitCode);
  });
});
