import { type BarSeries, hasVolume } from './bar-series.ts';
import { type CorporateAction, nearestRatio } from './corporate-action.ts';
import type { Instrument } from './instrument.ts';
import { isOption } from './instrument.ts';
import type { SessionsByDay } from './resample.ts';
import type { TradingSession } from './rulebook.ts';
import { isOnTick } from './tick-grid.ts';
import { type EpochMs, isoDateOfDay, istDayNumber, istText, startOfDay } from './time.ts';
import { isIntraday, timeframeMs } from './timeframe.ts';

/** What can be wrong with stored bars. */
export const faultKinds = [
  'missing',
  'extra',
  'duplicate',
  'range',
  'off-tick',
  'zero-volume',
  'spike',
  'split',
  'stale',
] as const;
export type FaultKind = (typeof faultKinds)[number];

export interface BarFault {
  /** Opening instant of the bar, or of the first one missing. */
  readonly time: EpochMs;
  readonly kind: FaultKind;
  /** What is there. */
  readonly value: string;
  /** What should be. */
  readonly expected: string;
  /** Row of the bar; absent where there is none. */
  readonly row?: number;
  /** Dropping the bar takes nothing away that the market made: it lies outside every session. */
  readonly droppable?: boolean;
}

export interface FaultRules {
  /** Undefined for a market without a calendar: then nothing is missing and nothing extra. */
  readonly sessions: SessionsByDay | undefined;
  /** Rupees; 0 where any price is right. */
  readonly tickSize: (dayNumber: number, price: number) => number;
  /** Splits and bonuses that are recorded, so that their jumps are no surprise. */
  readonly actions: readonly CorporateAction[];
}

// Stocks move up to 20 % a day within their bands, and those without a band rarely more overnight.
const splitBelow = 0.72;
const splitAbove = 1.5;
/** Calendar days between two sessions, the longest run of holidays included. */
const longestNight = 10;
/** A series with so many prices off the tick, and no fewer than that, trades on a finer one: a fund whose name does not say so. */
const finerShare = 0.1;
const finerBars = 20;
const finestTick = 0.01;
/** How far an extreme lies beyond both neighbours' before it is called a misprint, and in typical bar ranges. */
const spikeShare = { intraday: 0.05, day: 0.25 };
const spikeRanges = 10;
/** So many bars in a row without any movement or volume are a feed that stood still. */
const stillBars = 15;

/** Everything that looks wrong with a series, in order of time. Bars are judged as they are stored, unadjusted. */
export function barFaults(series: BarSeries, instrument: Instrument, rules: FaultRules): BarFault[] {
  const faults: BarFault[] = [];
  if (series.length === 0) return faults;
  const { timeframe } = series;
  if (isIntraday(timeframe)) sessionFaults(series, instrument, rules.sessions, faults);
  else if (timeframe === 'day') dayFaults(series, instrument, rules.sessions, faults);
  priceFaults(series, instrument, rules, faults);
  spikes(series, faults);
  if (instrument.kind === 'EQ') jumps(series, rules.actions, faults);
  standstills(series, faults);
  return faults.sort((a, b) => a.time - b.time || faultKinds.indexOf(a.kind) - faultKinds.indexOf(b.kind));
}

/** Contracts trade when somebody wants them, so only shares and indices are expected to have every bar. */
function expectsEveryBar({ kind }: Instrument): boolean {
  return kind === 'EQ' || kind === 'INDEX';
}

function sessionFaults(
  series: BarSeries,
  instrument: Instrument,
  sessions: SessionsByDay | undefined,
  faults: BarFault[],
): void {
  if (!sessions) return;
  const { time, length } = series;
  const barMs = timeframeMs(series.timeframe);
  const lastDay = istDayNumber(time[length - 1]);
  let row = 0;
  for (let day = istDayNumber(time[0]); day <= lastDay; day++) {
    const session = sessions(day);
    const expected = session ? slotsOf(session, barMs) : [];
    const seen = new Set<number>();
    for (; row < length && istDayNumber(time[row]) === day; row++) {
      const slot = session ? slotAt(session, time[row], barMs) : undefined;
      if (slot === undefined) faults.push(extraBar(series, row, session));
      else if (seen.has(slot)) faults.push(duplicate(series, row, slot));
      else seen.add(slot);
    }
    if (expectsEveryBar(instrument)) missingSlots(expected, seen, time[0], time[length - 1], faults);
  }
}

function slotsOf({ windows }: TradingSession, barMs: number): EpochMs[] {
  const slots: EpochMs[] = [];
  for (const { from, to } of windows) for (let at = from; at < to; at += barMs) slots.push(at);
  return slots;
}

function slotAt({ windows }: TradingSession, time: EpochMs, barMs: number): EpochMs | undefined {
  const window = windows.find(({ from, to }) => from <= time && time < to);
  return window && window.from + Math.floor((time - window.from) / barMs) * barMs;
}

/** One fault for each gap, whole sessions included. What lies before the first bar or after the last is not known to be missing. */
function missingSlots(
  expected: readonly EpochMs[],
  seen: ReadonlySet<number>,
  first: EpochMs,
  last: EpochMs,
  faults: BarFault[],
): void {
  let gap: EpochMs[] = [];
  const close = () => {
    if (gap.length === 0) return;
    const bars = gap.length === 1 ? '1 bar' : `${gap.length} bars to ${istText(gap[gap.length - 1])}`;
    faults.push({ time: gap[0], kind: 'missing', value: 'none', expected: bars });
    gap = [];
  };
  for (const slot of expected) {
    if (seen.has(slot) || slot < first || slot > last) close();
    else gap.push(slot);
  }
  close();
}

function extraBar(series: BarSeries, row: number, session: TradingSession | undefined): BarFault {
  const time = series.time[row];
  const expected = session
    ? session.windows.map(({ from, to }) => `${istText(from).slice(11)}-${istText(to).slice(11)}`).join(' ')
    : 'no bar: the market is closed that day';
  return { time, kind: 'extra', value: barText(series, row), expected, row, droppable: true };
}

function duplicate(series: BarSeries, row: number, slot: EpochMs): BarFault {
  const expected = `one bar from ${istText(slot)}`;
  return { time: series.time[row], kind: 'duplicate', value: barText(series, row), expected, row };
}

function dayFaults(
  series: BarSeries,
  instrument: Instrument,
  sessions: SessionsByDay | undefined,
  faults: BarFault[],
): void {
  const { time, length } = series;
  let before = Number.NaN;
  for (let row = 0; row < length; row++) {
    const day = istDayNumber(time[row]);
    const session = sessions?.(day);
    const copy = row > 0 && sameBar(series, row - 1, row);
    if (day === before) faults.push(duplicate(series, row, startOfDay(day)));
    else if (sessions && !session) {
      const extra = extraBar(series, row, undefined);
      faults.push(copy ? { ...extra, kind: 'stale', expected: 'no copy of the day before' } : extra);
    } else if (copy && series.volume[row] > 0) {
      const expected = 'a bar that is no copy of the day before';
      faults.push({ time: time[row], kind: 'stale', value: barText(series, row), expected, row });
    }
    if (sessions && expectsEveryBar(instrument)) missingDays(sessions, before + 1, day, faults);
    before = day;
  }
}

function missingDays(sessions: SessionsByDay, from: number, to: number, faults: BarFault[]): void {
  const days: number[] = [];
  for (let day = from; day < to; day++) if (sessions(day)) days.push(day);
  if (days.length === 0) return;
  const last = isoDateOfDay(days[days.length - 1]);
  const expected = days.length === 1 ? '1 bar' : `${days.length} bars to ${last}`;
  faults.push({ time: startOfDay(days[0]), kind: 'missing', value: 'none', expected });
}

function priceFaults(series: BarSeries, instrument: Instrument, rules: FaultRules, faults: BarFault[]): void {
  const { time, open, high, low, close, volume, length } = series;
  const traded = instrument.kind !== 'INDEX' && !isOption(instrument) && hasVolume(series);
  // An index is computed, not traded: its values keep to no tick.
  const ticked = instrument.kind !== 'INDEX';
  const strays = ticked ? countStrays() : 0;
  const finer = strays >= finerBars && strays > finerShare * length;
  for (let row = 0; row < length; row++) {
    if (!(high[row] >= low[row])) {
      faults.push({
        ...at(row, 'range'),
        value: `high ${high[row]}`,
        expected: `a high of ${low[row]} or more`,
      });
    } else if (
      !(Math.max(open[row], close[row]) <= high[row] && Math.min(open[row], close[row]) >= low[row])
    ) {
      const expected = `open and close between ${low[row]} and ${high[row]}`;
      faults.push({ ...at(row, 'range'), value: `open ${open[row]}, close ${close[row]}`, expected });
    } else if (!(low[row] > 0)) {
      faults.push({ ...at(row, 'range'), value: `low ${low[row]}`, expected: 'a price above 0' });
    }
    const stray = ticked ? strayPrice(row, finer ? finestTick : undefined) : undefined;
    if (stray)
      faults.push({ ...at(row, 'off-tick'), value: stray.text, expected: `a multiple of ${stray.tick}` });
    if (traded && volume[row] === 0) {
      faults.push({ ...at(row, 'zero-volume'), value: '0', expected: 'a volume above 0' });
    }
  }

  function at(row: number, kind: FaultKind) {
    return { time: time[row], kind, row };
  }

  function countStrays(): number {
    let count = 0;
    for (let row = 0; row < length; row++) if (strayPrice(row)) count++;
    return count;
  }

  function strayPrice(
    row: number,
    most = Number.POSITIVE_INFINITY,
  ): { text: string; tick: number } | undefined {
    const day = istDayNumber(time[row]);
    for (const [name, price] of [
      ['open', open[row]],
      ['high', high[row]],
      ['low', low[row]],
      ['close', close[row]],
    ] as const) {
      const tick = Math.min(most, rules.tickSize(day, price));
      // The band of a tick follows the price at the end of the month before, so a price that has risen since may keep the finer one.
      if (!isOnTick(price, tick) && !isOnTick(price, Math.min(tick, rules.tickSize(day, price * 0.6))))
        return { text: `${name} ${price}`, tick };
    }
    return undefined;
  }
}

function spikes(series: BarSeries, faults: BarFault[]): void {
  const { time, high, low, length } = series;
  const share = isIntraday(series.timeframe) ? spikeShare.intraday : spikeShare.day;
  const usual = typicalRange(series);
  for (let row = 1; row < length - 1; row++) {
    const top = Math.max(high[row - 1], high[row + 1]);
    const bottom = Math.min(low[row - 1], low[row + 1]);
    const far = Math.max(share, spikeRanges * usual);
    if (high[row] > top * (1 + far)) {
      faults.push({
        time: time[row],
        kind: 'spike',
        value: `high ${high[row]}`,
        expected: `about ${top}`,
        row,
      });
    } else if (low[row] < bottom / (1 + far)) {
      faults.push({
        time: time[row],
        kind: 'spike',
        value: `low ${low[row]}`,
        expected: `about ${bottom}`,
        row,
      });
    }
  }
}

/** Median of high to low as a share of the price, over at most a few thousand bars. */
function typicalRange({ high, low, length }: BarSeries): number {
  const step = Math.max(1, Math.floor(length / 2_000));
  const ranges: number[] = [];
  for (let row = 0; row < length; row += step) if (low[row] > 0) ranges.push(high[row] / low[row] - 1);
  ranges.sort((a, b) => a - b);
  return ranges[ranges.length >> 1] ?? 0;
}

function jumps(series: BarSeries, actions: readonly CorporateAction[], faults: BarFault[]): void {
  const { time, open, close } = series;
  const known = new Set(actions.map(({ exDay }) => exDay));
  for (const row of splitLikeRows(series)) {
    if (known.has(istDayNumber(time[row]))) continue;
    const ratio = nearestRatio(open[row] / close[row - 1]);
    const expected = ratio
      ? `about ${close[row - 1]}, or a ${ratio} split or bonus recorded`
      : `about ${close[row - 1]}, or an action recorded`;
    faults.push({ time: time[row], kind: 'split', value: `open ${open[row]}`, expected, row });
  }
}

/** Rows that open with an overnight jump that no market makes and that lasts: splits and bonuses, demergers, wrong data. */
export function splitLikeRows(series: BarSeries): readonly number[] {
  const { time, open, close, length } = series;
  const rows: number[] = [];
  for (let row = 1; row < length; row++) {
    const jump = open[row] / close[row - 1];
    if (jump > splitBelow && jump < splitAbove) continue;
    const day = istDayNumber(time[row]);
    const before = istDayNumber(time[row - 1]);
    // After weeks without trading a price is where it is.
    if (day === before || day - before > longestNight) continue;
    const lasting = close[Math.min(row + 1, length - 1)] / close[row - 1];
    if (isMarketMove(lasting)) continue;
    // Back where it was before a single misprinted bar.
    if (row > 1 && isMarketMove(open[row] / close[row - 2])) continue;
    rows.push(row);
  }
  return rows;
}

function isMarketMove(ratio: number): boolean {
  return ratio > (1 + splitBelow) / 2 && ratio < (1 + splitAbove) / 2;
}

function standstills(series: BarSeries, faults: BarFault[]): void {
  const { time, open, high, low, close, volume, length } = series;
  if (!isIntraday(series.timeframe)) return;
  let first = -1;
  for (let row = 0; row <= length; row++) {
    const still =
      row > 0 &&
      row < length &&
      volume[row] === 0 &&
      high[row] === low[row] &&
      close[row] === close[row - 1] &&
      open[row] === close[row] &&
      istDayNumber(time[row]) === istDayNumber(time[row - 1]);
    if (still && first < 0) first = row;
    if (still || first < 0) continue;
    if (row - first >= stillBars) {
      const value = `${row - first} bars at ${close[first]} to ${istText(time[row - 1])}`;
      faults.push({ time: time[first], kind: 'stale', value, expected: 'prices that move', row: first });
    }
    first = -1;
  }
}

function sameBar({ open, high, low, close, volume }: BarSeries, a: number, b: number): boolean {
  return (
    open[a] === open[b] &&
    high[a] === high[b] &&
    low[a] === low[b] &&
    close[a] === close[b] &&
    volume[a] === volume[b]
  );
}

function barText({ open, high, low, close }: BarSeries, row: number): string {
  return `${open[row]}, ${high[row]}, ${low[row]}, ${close[row]}`;
}
