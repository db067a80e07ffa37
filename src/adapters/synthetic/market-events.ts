import type { BarSeries } from '../../domain/bar-series.ts';
import type { InstrumentKey } from '../../domain/instrument.ts';
import type { TradingSession } from '../../domain/rulebook.ts';
import { type EpochMs, type IsoDate, isoDateOfDay, istDayNumber, minuteMs } from '../../domain/time.ts';
import { type Listing, listings } from './listings.ts';
import { Random } from './random.ts';

/** Raw prices before the ex-date times `factor` are comparable with those from it on; volumes are divided by it. */
export interface CorporateAction {
  readonly key: InstrumentKey;
  readonly kind: 'split' | 'bonus';
  /** As the exchange announces it: a split 1:2 makes two shares of one, a bonus 1:1 adds one to each. */
  readonly ratio: '1:2' | '1:1';
  readonly exDate: IsoDate;
  readonly factor: number;
}

/** Part of a day on which a stock trades at one price only, because nobody takes the other side at the band. */
export interface CircuitDay {
  readonly key: InstrumentKey;
  readonly date: IsoDate;
  readonly side: 'upper' | 'lower';
  /** Width of that day's band, as a share of the previous close. */
  readonly band: number;
  /** Opening instants of the first and the last locked minute. */
  readonly from: EpochMs;
  readonly to: EpochMs;
}

export interface MarketEvents {
  readonly actions: readonly CorporateAction[];
  readonly circuits: readonly CircuitDay[];
}

/** The events of one stock. */
export interface PlannedEvents {
  readonly action: CorporateAction | undefined;
  readonly circuits: readonly CircuitDay[];
}

/** Stocks with derivatives have no fixed band, and a split of theirs would change lots and strikes: they are left alone. */
const cashOnly = listings(Number.POSITIVE_INFINITY).filter(
  ({ instrument }) => instrument.kind === 'EQ' && !instrument.hasDerivatives,
);
/** Of the stocks without derivatives, how many have an action; it comes within the first 60 sessions. */
const stocksWithAction = 4;
const bands = [0.05, 0.1, 0.05, 0.2] as const;
/** Minutes over which the price runs into its band. */
const runUp = 15;
/** A locked stock trades what little there is on the other side. */
const lockedVolume = 0.15;

/** When things happen to a stock: by seed and name, whatever the length of the market. */
export function planEvents({
  seed,
  listing: { instrument },
  sessions,
  circuits,
  actions,
}: {
  readonly seed: number;
  readonly listing: Listing;
  readonly sessions: readonly TradingSession[];
  readonly circuits: boolean;
  readonly actions: boolean;
}): PlannedEvents {
  const { key } = instrument;
  const rank = cashOnly.findIndex((one) => one.instrument.key === key);
  if (rank < 0) return { action: undefined, circuits: [] };
  const random = new Random(seed, `${instrument.tradingsymbol} events`);
  const between = (least: number, most: number) => least + Math.floor(random.uniform() * (most - least));

  const exPosition = ordinaryFrom(sessions, between(10, 50));
  const locked: CircuitDay[] = [];
  for (let at = between(5, 25); at < sessions.length; at += between(30, 90)) {
    const position = ordinaryFrom(sessions, at === exPosition ? at + 1 : at);
    const side = random.uniform() < 0.5 ? 'upper' : 'lower';
    const band = bands[between(0, bands.length)];
    const firstMinute = between(runUp + 5, 150);
    const minutes = between(40, 240);
    const session = sessions[position];
    if (session === undefined) break;
    const from = session.open + firstMinute * minuteMs;
    const to = Math.min(from + (minutes - 1) * minuteMs, session.close - minuteMs);
    locked.push({ key, date: isoDateOfDay(session.dayNumber), side, band, from, to });
  }

  const exDay = sessions[exPosition];
  const split = rank % 2 === 0;
  const action: CorporateAction | undefined =
    actions && rank < stocksWithAction && exDay
      ? {
          key,
          kind: split ? 'split' : 'bonus',
          ratio: split ? '1:2' : '1:1',
          exDate: isoDateOfDay(exDay.dayNumber),
          factor: 0.5,
        }
      : undefined;
  return { action, circuits: circuits ? locked : [] };
}

/** The first session from a position on that has ordinary hours. */
function ordinaryFrom(sessions: readonly TradingSession[], position: number): number {
  const found = sessions.findIndex(
    ({ windows, open, close }, at) =>
      at >= position && windows.length === 1 && (close - open) / minuteMs >= 360,
  );
  return found < 0 ? sessions.length : found;
}

/** Writes a stock's events into its bars: prices and volumes from each event on, on the grid and inside the day's band. */
export function applyEvents(
  series: BarSeries,
  {
    events: { action, circuits },
    tickPaise,
    band: widest,
  }: {
    readonly events: PlannedEvents;
    readonly tickPaise: (dayNumber: number, price: number) => number;
    /** Farthest from the previous close on a day without a circuit, as a share. */
    readonly band: number;
  },
): void {
  if (action === undefined && circuits.length === 0) return;
  const { time, open, close } = series;
  /** What a price of the undisturbed walk is multiplied with. */
  let scale = 1;
  let shares = 1;
  let previousClose = Number.NaN;
  let row = 0;
  while (row < series.length) {
    const day = istDayNumber(time[row]);
    const date = isoDateOfDay(day);
    let end = row;
    while (end < series.length && istDayNumber(time[end]) === day) end++;
    if (action?.exDate === date) {
      scale *= action.factor;
      shares /= action.factor;
      previousClose *= action.factor;
    }
    const circuit = circuits.find((one) => one.date === date);
    const band = circuit?.band ?? widest;
    const reference = Number.isNaN(previousClose) ? open[row] * scale : previousClose;
    const grid = dayGrid(tickPaise(day, reference * (1 + band)), reference, band);
    const limit = circuit?.side === 'upper' ? grid.highest : ownLowest(tickPaise, day, reference, band);
    const running = circuit ? circuit.from - runUp * minuteMs : Number.POSITIVE_INFINITY;
    const before = scale;
    for (; row < end; row++) {
      const walked = close[row];
      if (circuit && time[row] >= circuit.from && time[row] <= circuit.to) {
        lock(series, row, limit, shares);
        // Trading goes on from the band as the undisturbed walk goes on from where it is now.
        scale = limit / walked;
      } else {
        if (circuit && time[row] >= running && time[row] < circuit.from) {
          const progress = (time[row] - running + minuteMs) / (runUp * minuteMs);
          scale = before + (limit / walked - before) * progress;
        }
        rescale(series, row, { scale, shares, grid });
      }
    }
    previousClose = close[end - 1];
  }
}

interface DayGrid {
  /** Paise. */
  readonly tick: number;
  /** Rupees. */
  readonly lowest: number;
  readonly highest: number;
}

function dayGrid(tick: number, reference: number, band: number): DayGrid {
  // The nudge keeps a band that is itself on the grid.
  const lowest = Math.ceil((reference * (1 - band) * 100) / tick - 1e-6);
  const highest = Math.floor((reference * (1 + band) * 100) / tick + 1e-6);
  return { tick, lowest: (lowest * tick) / 100, highest: (highest * tick) / 100 };
}

/** The lower limit on the grid of its own price, which may be finer than the one of the day's highest. */
function ownLowest(
  tickPaise: (dayNumber: number, price: number) => number,
  day: number,
  reference: number,
  band: number,
): number {
  return dayGrid(tickPaise(day, reference * (1 - band)), reference, band).lowest;
}

function lock(
  { open, high, low, close, volume }: BarSeries,
  row: number,
  limit: number,
  shares: number,
): void {
  open[row] = limit;
  high[row] = limit;
  low[row] = limit;
  close[row] = limit;
  volume[row] = Math.max(1, Math.round(volume[row] * shares * lockedVolume));
}

function rescale(
  { open, high, low, close, volume }: BarSeries,
  row: number,
  { scale, shares, grid }: { readonly scale: number; readonly shares: number; readonly grid: DayGrid },
): void {
  const { tick, lowest, highest } = grid;
  const onGrid = (price: number) =>
    Math.min(highest, Math.max(lowest, (Math.floor((price * scale * 100) / tick + 0.5) * tick) / 100));
  open[row] = onGrid(open[row]);
  high[row] = onGrid(high[row]);
  low[row] = onGrid(low[row]);
  close[row] = onGrid(close[row]);
  volume[row] = Math.round(volume[row] * shares);
}
