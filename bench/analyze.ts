import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { JournalLog } from '../src/adapters/journal/journal-log.ts';
import { journalBook } from '../src/app/journal-book.ts';
import { withProjection } from '../src/app/journal-projection.ts';
import { dayMs, instantOf } from '../src/domain/time.ts';
import { analyse } from '../src/research/analysis/analysis.ts';
import type { Measured } from './measure.ts';

/** A million is what the goals are about; a million takes a gigabyte and minutes to write. */
const trades = Number(process.env.ALGO_BENCH_TRADES ?? 20_000);
const tradesASession = 500;
const everything = { from: -Infinity, to: Infinity, strategies: [], symbols: [] };

/** A journal of many trades: packed once, then read and analysed, against reading its lines and nothing else. */
export async function analyzeMeasures(): Promise<Measured[]> {
  const home = mkdtempSync(join(tmpdir(), 'algo-bench-journal-'));
  try {
    const data = join(home, 'data');
    const context = { folders: { root: home, home, data, cache: join(data, 'cache') } };
    const folder = join(data, 'journal', 'paper', 'main');
    const net = write(folder);
    const parsing = await seconds(async () => parsed(folder));
    const wanted = [{ mode: 'paper', stream: 'main' }] as const;
    const packing = await seconds(() => withProjection(context, wanted, [], async () => undefined));
    let found = { count: 0, netPaise: 0 };
    const analysing = await seconds(async () => {
      const { record } = await journalBook(context, { mode: 'paper' });
      found = analyse(record, { filter: everything, by: ['strategy', 'symbol', 'exit', 'hour'] }).statistics;
    });
    const right = found.count === trades && found.netPaise === net;
    return [
      line('journal: its lines parsed', 'reference', parsing, undefined),
      line('journal: checked and packed once', '', packing, { ratio: packing / parsing, right }),
      line('journal: analysed from its packs', '', analysing, { ratio: analysing / parsing, right }),
    ];
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

function line(
  measure: string,
  goal: string,
  taken: number,
  against: { readonly ratio: number; readonly right: boolean } | undefined,
): Measured {
  const million = `${((taken / trades) * 1e6).toFixed(1)} s of CPU a million trades`;
  const row = { measure, input: `${trades.toLocaleString('en-IN')} trades`, goal, met: undefined };
  if (!against) return { ...row, measured: million };
  if (!against.right) return { ...row, measured: 'other trades than were written', wrong: true };
  return { ...row, measured: `${against.ratio.toFixed(2)} × the parsing, ${million}`, ratio: against.ratio };
}

/** CPU seconds of this process, all its threads. */
async function seconds(work: () => Promise<unknown>): Promise<number> {
  const start = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1e6;
}

function parsed(folder: string): number {
  let records = 0;
  for (const name of readdirSync(folder))
    for (const text of readFileSync(join(folder, name), 'utf8').split('\n'))
      if (text !== '' && JSON.parse(text) !== null) records += 1;
  return records;
}

/** What a session writes of its round trips; answers their net. */
function write(folder: string): number {
  const log = JournalLog.open({ folder });
  const first = instantOf(19_000, 9 * 60 + 30);
  const end = { t: 'session_end', reason: 'end-of-feed', equityPaise: 1e9, hash: '' };
  let net = 0;
  for (let number = 0; number < trades; number++) {
    const id = (number % tradesASession) + 1;
    const day = Math.floor(number / tradesASession);
    const strategy = number % 3 === 0 ? 'gap_fade' : 'ema20_50';
    const own = { strategy, key: `NSE:S${number % 100}`, product: 'MIS', quantity: 10 };
    const entryTime = first + day * dayMs + id * 30_000;
    const gross = ((number * 7_919) % 4_001) - 1_900;
    const left = { exitTime: entryTime + 900_000, exitPrice: 100 + gross / 1_000 };
    const [entryOrder, exitOrder] = [2 * id - 1, 2 * id];
    net += gross - 100;
    if (id === 1) {
      if (number > 0) log.append(end, 'soon');
      const about = { strategies: ['ema20_50', 'gap_fade'], timeframe: '15m', charges: 'zerodha' };
      log.append({ t: 'session', id: `s${day}`, capitalPaise: 1e9, startedAt: entryTime, ...about }, 'soon');
    }
    const order = (order: number, side: string, role: string, time: number) => {
      const form = { side, role, type: 'MARKET', validity: 'DAY', price: null, trigger: null, time };
      log.append({ t: 'intent', order: { id: order, ...own, ...form, decided: 100 } }, 'soon');
      const event = { type: 'filled', id: order, time, quantity: 10, price: 100, tradeId: `T${order}` };
      log.append({ t: 'order', event }, 'soon');
    };
    const held = { id, ...own, direction: 'LONG', entryTime, entryPrice: 100, entryOrder };
    order(entryOrder, 'BUY', 'entry', entryTime);
    log.append({ t: 'trade', status: 'open', trade: held }, 'soon');
    order(exitOrder, 'SELL', 'signal', left.exitTime);
    const known = { bars: 1, adverse: 0.5, favourable: 1, exitOrder, exitReason: 'signal' };
    const trade = { ...held, ...left, ...known, grossPaise: gross, chargesPaise: 100 };
    log.append({ t: 'trade', status: 'closed', trade }, 'soon');
    log.append({ t: 'trade', status: 'settled', trade }, 'soon');
    log.append({ t: 'mark', time: left.exitTime, equityPaise: 1e9 + net, positions: 0 }, 'soon');
  }
  log.append(end, 'soon');
  log.close();
  return net;
}
