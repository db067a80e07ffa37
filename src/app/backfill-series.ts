import { BarSeries, interestAt } from '../domain/bar-series.ts';
import { DataError } from '../domain/errors.ts';
import type { Instrument } from '../domain/instrument.ts';
import {
  adjustmentOf,
  barsByDay,
  type DayRequest,
  dayRequests,
  finalAt,
  isDayFinal,
  sessionOrUnknown,
  spansOf,
} from '../domain/missing-days.ts';
import type { TradingCalendar } from '../domain/rulebook.ts';
import { type DaySpan, type EpochMs, isoDateOfDay, istDayNumber, startOfDay } from '../domain/time.ts';
import type { Timeframe } from '../domain/timeframe.ts';
import type { CandleSource, HistoryStore, SeriesBatch } from '../engine/ports.ts';
import { patiently } from './patiently.ts';

/** One series to be brought up to date. */
export interface WantedSeries {
  readonly instrument: Instrument;
  readonly timeframe: Timeframe;
  readonly days: DaySpan;
  readonly continuous: boolean;
}

export interface BackfillParts {
  readonly store: HistoryStore;
  readonly source: CandleSource;
  readonly calendar: TradingCalendar;
  /** The source's clock when the run began: nothing that closed later is taken, so a wrong clock of this computer cannot matter. */
  readonly now: EpochMs;
  readonly force: boolean;
  readonly sleep: (ms: number) => Promise<void>;
  note(message: string): void;
}

/** What became of a series. Bars. */
export interface SeriesTally {
  requests: number;
  added: number;
  updated: number;
  /** Sent again and stored already as they are. */
  unchanged: number;
  /** Sessions asked for in which the source has no bar. */
  emptySessions: number;
  /** What all prices were multiplied by since they were stored; null when they were not. */
  adjustment: number | null;
}

export function emptyTally(): SeriesTally {
  return { requests: 0, added: 0, updated: 0, unchanged: 0, emptySessions: 0, adjustment: null };
}

export interface SeriesPlan {
  readonly wanted: WantedSeries;
  readonly stored: BarSeries;
  readonly requests: readonly DayRequest[];
}

/** What has to be asked for, by what is stored and answered. */
export async function planSeries(parts: BackfillParts, wanted: WantedSeries): Promise<SeriesPlan> {
  const { store, source, calendar, now, force } = parts;
  const { instrument, timeframe } = wanted;
  const { key } = instrument;
  const stored = await patiently(parts.sleep, () =>
    store.load(key, timeframe, { from: Number.NEGATIVE_INFINITY, to: Number.POSITIVE_INFINITY }),
  );
  const answered = (await patiently(parts.sleep, () => store.answered())).filter(
    (each) =>
      each.key === key &&
      each.timeframe === timeframe &&
      (each.source === source.name || each.source === 'kite'),
  );
  const today = istDayNumber(now);
  const asked = {
    from: Math.max(wanted.days.from, source.firstDay(timeframe, today)),
    to: Math.min(wanted.days.to, today),
  };
  const spanDays = source.spanDays(timeframe) ?? 1;
  const requests = dayRequests({ instrument, timeframe, calendar, asked, stored, answered, spanDays, force });
  return { wanted, stored, requests };
}

/**
 * Asks for what is missing and saves each answer in a transaction of its own, with the days it settles, so that ending at any moment
 * loses at most the answer on its way. Prices that the source has adjusted since they were stored make it fetch the whole
 * series again, which takes the old one's place in one step.
 */
export async function fillSeries(parts: BackfillParts, plan: SeriesPlan, tally: SeriesTally): Promise<void> {
  const { source, store } = parts;
  const { wanted, stored, requests } = plan;
  const { instrument, timeframe, continuous } = wanted;
  for (const { from, to } of requests) {
    const days = { from, to };
    tally.requests++;
    const fetched = closedBars(
      parts,
      wanted,
      days,
      await source.candles({ instrument, timeframe, days, continuous }),
    );
    const adjustment = instrument.kind === 'EQ' ? adjustmentOf(stored, fetched) : 1;
    if (adjustment !== 1) return fetchAgain(parts, plan, tally, adjustment);
    await refuseDoubleAdjustment(store, fetched);
    count(stored, fetched, tally);
    tally.emptySessions += emptySessions(parts, wanted, days, fetched);
    await save(parts, { instrument, series: fetched, answered: settled(parts, wanted, [days]) });
  }
}

async function fetchAgain(
  parts: BackfillParts,
  { wanted, stored }: SeriesPlan,
  tally: SeriesTally,
  adjustment: number,
): Promise<void> {
  const { source, note, now } = parts;
  const { instrument, timeframe, continuous } = wanted;
  const { key } = instrument;
  note(
    `${key} ${timeframe}: the source's prices are ${adjustment.toFixed(4)} times the stored ones, as after a split or bonus. The whole series is fetched again.`,
  );
  const today = istDayNumber(now);
  const all = {
    from: Math.max(
      Math.min(istDayNumber(stored.time[0]), wanted.days.from),
      source.firstDay(timeframe, today),
    ),
    to: Math.min(today, Math.max(istDayNumber(stored.time[stored.length - 1]), wanted.days.to)),
  };
  const series = new BarSeries(key, timeframe, stored.length);
  const spans = spansOf(all, source.spanDays(timeframe) ?? 1);
  // Held in memory until it is whole: a mixture of old and new prices would be stored otherwise.
  for (const days of spans) {
    tally.requests++;
    const part = closedBars(
      parts,
      wanted,
      days,
      await source.candles({ instrument, timeframe, days, continuous }),
    );
    tally.emptySessions += emptySessions(parts, wanted, days, part);
    for (let row = 0; row < part.length; row++) series.appendRow(part, row);
  }
  const lost = series.length === 0 ? stored.length : stored.rowAt(startOfDay(istDayNumber(series.time[0])));
  if (lost > 0 && !parts.force) {
    throw new DataError(
      'DATA_ADJUSTMENT',
      `The prices of ${key} ${timeframe} were adjusted by ${adjustment.toFixed(4)} since they were stored, but ${source.name} no longer has the ${lost} bars from ${isoDateOfDay(istDayNumber(stored.time[0]))} to ${isoDateOfDay(istDayNumber(stored.time[lost - 1]))}. Nothing was changed.`,
      'Add --force to let the fetched series take the place of the stored one without them.',
    );
  }
  await refuseDoubleAdjustment(parts.store, series);
  count(stored, series, tally);
  tally.adjustment = adjustment;
  await save(parts, { instrument, series, replace: true, answered: settled(parts, wanted, spans) });
}

/** Bars of the days asked for that are final; the running candle and whatever lies outside are left out. */
export function closedBars(
  { calendar, now }: Pick<BackfillParts, 'calendar' | 'now'>,
  { instrument, timeframe }: Pick<WantedSeries, 'instrument' | 'timeframe'>,
  { from, to }: DaySpan,
  fetched: BarSeries,
): BarSeries {
  const bars = fetched.slice(fetched.rowAt(startOfDay(from)), fetched.rowAt(startOfDay(to + 1)));
  let length = bars.length;
  while (
    length > 0 &&
    finalAt(
      bars.time[length - 1],
      timeframe,
      sessionOrUnknown(calendar, instrument, istDayNumber(bars.time[length - 1])),
    ) > now
  )
    length--;
  return bars.slice(0, length);
}

/** Of the days asked for, those of which the source will never say more. */
function settled(
  { source, calendar, now }: BackfillParts,
  { instrument, timeframe }: WantedSeries,
  spans: readonly DaySpan[],
): NonNullable<SeriesBatch['answered']> {
  const days = spans.flatMap(({ from, to }) => {
    let last = to;
    while (last >= from && !isDayFinal(last, timeframe, sessionOrUnknown(calendar, instrument, last), now))
      last--;
    return last < from ? [] : [{ from, to: last }];
  });
  return { source: source.name, days };
}

function emptySessions(
  { calendar, now }: BackfillParts,
  { instrument, timeframe }: WantedSeries,
  { from, to }: DaySpan,
  fetched: BarSeries,
): number {
  const counts = barsByDay(fetched);
  let empty = 0;
  for (let day = from; day <= to; day++) {
    const session = sessionOrUnknown(calendar, instrument, day);
    if (session && session !== 'unknown' && !counts.has(day) && isDayFinal(day, timeframe, session, now))
      empty++;
  }
  return empty;
}

function count(stored: BarSeries, fetched: BarSeries, tally: SeriesTally): void {
  for (let row = 0; row < fetched.length; row++) {
    const old = stored.rowAt(fetched.time[row]);
    if (old === stored.length || stored.time[old] !== fetched.time[row]) tally.added++;
    else if (
      (['open', 'high', 'low', 'close', 'volume'] as const).every(
        (column) => stored[column][old] === fetched[column][row],
      ) &&
      (Number.isNaN(interestAt(fetched, row)) || interestAt(stored, old) === interestAt(fetched, row))
    )
      tally.unchanged++;
    else tally.updated++;
  }
}

/** Recorded splits are applied to stored bars when they are read; bars that the source has adjusted already would be divided twice. */
async function refuseDoubleAdjustment(store: HistoryStore, { key, time, length }: BarSeries): Promise<void> {
  if (length === 0) return;
  const action = (await store.actions()).find(
    (each) => each.key === key && istDayNumber(time[0]) < each.exDay,
  );
  if (!action) return;
  throw new DataError(
    'DATA_ADJUSTED',
    `A ${action.kind} of ${key} on ${isoDateOfDay(action.exDay)} is recorded here, which means that bars before it are kept as printed, but the source sends them adjusted for it.`,
    `Fetch days from ${isoDateOfDay(action.exDay)} on, or keep adjusted prices in another history with --set data.history=data/adjusted.duckdb.`,
  );
}

function save(parts: BackfillParts, batch: SeriesBatch): Promise<number> {
  return patiently(parts.sleep, () => parts.store.saveAll([batch]));
}
