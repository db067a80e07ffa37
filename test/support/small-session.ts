import type { JournalLog } from '#src/adapters/journal/journal-log.ts';
import { entryOf } from '#src/adapters/journal/session-journal.ts';
import { unfinished } from '#src/app/journaled-session.ts';
import { SessionPlayer } from '#src/app/session-player.ts';
import { BarSeries } from '#src/domain/bar-series.ts';
import type { Instrument } from '#src/domain/instrument.ts';
import { instantOf, minuteMs, startOfDay } from '#src/domain/time.ts';
import { fixedQuantity } from '#src/engine/sizing.ts';
import type { Strategy } from '#src/strategy/define.ts';
import { day, india } from './india.ts';
import { defaultFillRules, noRiskLimits } from './plain-rules.ts';

const today = day('2026-06-01');
const barMs = 15 * minuteMs;
const opens = (row: number) => instantOf(today, 555) + row * barMs;
/** Bars of 15 minutes in a day. */
export const dayRows = 25;
const instrument: Instrument = {
  ...({ key: 'NSE:TAPE', exchange: 'NSE', tradingsymbol: 'TAPE', rules: 'NSE', kind: 'EQ' } as const),
  ...{ tickSize: 0.05, lotSize: 1 },
};

/** An intraday session of a paper account on one share, at the place to which its journal brings it. */
export function smallSession(
  log: JournalLog,
  strategies: readonly Strategy[],
  hookMsMax: number,
): SessionPlayer {
  const plan = {
    ...{ capitalPaise: 100_000_000, limits: noRiskLimits, sizing: fixedQuantity(10), rulebook: india },
    ...({ squareOff: 'auto', entryCutOff: 'auto', product: 'MIS', entriesPerBarMax: 100 } as const),
    ...{ charges: india.charges('none'), isolation: { errorsMax: 1, flatten: false } },
    begins: startOfDay(today),
  };
  const series = new BarSeries(instrument.key, '15m');
  const each = { instrument, series, strategies: strategies.map((strategy) => ({ strategy, params: {} })) };
  const records = unfinished(log.records) ?? [];
  const entries = records.flatMap((record) => entryOf(record) ?? []);
  const player = new SessionPlayer({ plan, fill: defaultFillRules, hookMsMax, series: [each] }, log, {
    id: 'x',
    entries,
    records,
    markedUntil: Number.NEGATIVE_INFINITY,
  });
  player.recall(records);
  return player;
}

/** Tells the bar of a row, whose price does not move. */
export function tellRow(player: SessionPlayer, row: number): void {
  const prices = { open: 100, high: 100.5, low: 99.5, close: 100, volume: 1e6 };
  player.tell(opens(row + 1), [{ place: 0, time: opens(row), ...prices }]);
}

/** The first row that the session was not told of. */
export const nextRow = ({ toldUntil }: SessionPlayer): number => Math.max(0, (toldUntil - opens(0)) / barMs);
