import { BarSeries, interestAt, renamedBars } from '../../domain/bar-series.ts';
import { adjustedBars } from '../../domain/corporate-action.ts';
import { codeOf } from '../../domain/errors.ts';
import { type Instrument, type InstrumentKey, isDerivative } from '../../domain/instrument.ts';
import type { Listing } from '../../domain/listing.ts';
import { canResample, insideSessions, resample, sessionsOf } from '../../domain/resample.ts';
import type { Rulebook, TradingSession } from '../../domain/rulebook.ts';
import { dayMs, dayNumberOf, istDayNumber, startOfDay } from '../../domain/time.ts';
import { isIntraday, type Timeframe, timeframes } from '../../domain/timeframe.ts';
import type { HistoryStore, StoredSeries } from '../../engine/ports.ts';
import type { DaySource, DayTape, Track } from './day-tape.ts';
import { minutesOf } from './minutes-of.ts';
import { type WireName, wireNames } from './wire-names.ts';

/** Days before a day that are searched for its previous close; longer than any closure of an exchange. */
const previousCloseDays = 14;

export interface StoredDays extends DaySource {
  /** The newest stored day: of invented minutes where there are any, else of whatever is stored. Undefined for an empty store. */
  readonly newestDay: number | undefined;
}

/** A stored instrument, its wire name, and what is stored of it. */
interface Source extends WireName {
  /** Finest first. */
  readonly series: readonly StoredSeries[];
  /** What a day is played from. */
  readonly played: StoredSeries | undefined;
}

/** Days of the market out of the history store. What the store holds is looked at once, here. */
export async function storedDays({
  store,
  rulebook: { calendar, contracts },
  seed,
  listingsOf,
}: {
  readonly store: HistoryStore;
  readonly rulebook: Pick<Rulebook, 'calendar' | 'contracts'>;
  readonly seed: number;
  /** The broker's list of the day that will be played, by what is known of the newest one; without it tokens are invented. */
  readonly listingsOf?: (newestDay: number) => Promise<ReadonlyMap<InstrumentKey, Listing>>;
}): Promise<StoredDays> {
  const held = new Map<string, StoredSeries[]>();
  for (const series of await store.list()) held.set(series.key, [...(held.get(series.key) ?? []), series]);
  const playedOf = (key: InstrumentKey) =>
    held.get(key)?.find(({ timeframe }) => timeframe !== 'week' && timeframe !== 'month');
  const instruments = await store.instruments();
  const newestDay = newestOf(instruments.map((stored) => ({ stored, played: playedOf(stored.key) })));
  const real = instruments.some(({ synthetic }) => !synthetic);
  const listings = real && newestDay !== undefined ? await listingsOf?.(newestDay) : undefined;
  const sources: Source[] = wireNames(instruments, listings).map((name) => {
    const { key } = name.stored;
    return { ...name, series: held.get(key) ?? [], played: playedOf(key) };
  });
  const byKey = new Map(sources.map((source) => [source.listed.instrument.key, source]));
  const actions = await store.actions();

  const hoursOf = (instrument: Instrument, day: number): TradingSession | undefined => {
    try {
      return calendar.session(instrument, day);
    } catch (cause) {
      // Older or newer than the calendar's tables: such a day cannot be played.
      if (codeOf(cause) !== 'RULE_CALENDAR') throw cause;
      return undefined;
    }
  };

  async function trackOf({ listed, stored, played }: Source, day: number): Promise<Track | undefined> {
    const midnight = startOfDay(day);
    if (!played || istDayNumber(played.first) > day) return undefined;
    if (isDerivative(stored) && dayNumberOf(stored.expiry ?? '9999-12-31') < day) return undefined;
    const span = { from: midnight - previousCloseDays * dayMs, to: midnight + dayMs };
    const printed = await store.load(stored.key, played.timeframe, span);
    const own = actions.filter(({ key, exDay }) => key === stored.key && exDay <= day);
    const { series } = adjustedBars(printed, own);
    const begins = series.rowAt(midnight);
    const today = renamedBars(series.slice(begins, series.length), listed.instrument.key);
    const previousClose = begins > 0 ? series.close[begins - 1] : Number.NaN;
    const previousOpenInterest = (begins > 0 && interestAt(series, begins - 1)) || 0;
    const level = Number.isNaN(previousClose) ? (today.length > 0 ? today.open[0] : 1) : previousClose;
    const tick = tickOf(listed.instrument, day, level);
    const sessions = sessionsOf(calendar, listed.instrument);
    const inside = isIntraday(today.timeframe) ? insideSessions(today, sessions).series : today;
    const minutes = minutesOf(inside, tick, seed, sessions);
    return { listed, minutes, previousClose, previousOpenInterest, tick };
  }

  function tickOf(instrument: Instrument, day: number, price: number): number {
    try {
      return contracts.tickSize(instrument, day, price) || instrument.tickSize;
    } catch (cause) {
      if (codeOf(cause) !== 'RULE_CONTRACT') throw cause;
      return instrument.tickSize;
    }
  }

  async function load(day: number): Promise<DayTape | undefined> {
    const midnight = startOfDay(day);
    const playing = sources.filter(
      ({ stored, played }) =>
        played && istDayNumber(played.first) <= day && hoursOf(stored, day) !== undefined,
    );
    const trading = playing.some(({ played }) => played && played.last >= midnight);
    if (!trading) return undefined;
    await store.prepare(playing.flatMap(({ played }) => played ?? []));
    const tracks: Track[] = [];
    for (const source of playing) {
      const track = await trackOf(source, day);
      if (track) tracks.push(track);
    }
    if (!tracks.some(({ minutes }) => minutes.length > 0)) return undefined;
    const sessions = tracks.flatMap(({ listed, minutes }) =>
      minutes.length > 0 ? (hoursOf(listed.instrument, day) ?? []) : [],
    );
    return {
      dayNumber: day,
      open: Math.min(...sessions.map(({ open }) => open)),
      close: Math.max(...sessions.map(({ close }) => close)),
      tracks,
    };
  }

  const lastStored = Math.max(
    ...sources.flatMap(({ played }) => (played ? [istDayNumber(played.last)] : [])),
  );

  return {
    newestDay,

    async day(from) {
      for (let day = from; day <= lastStored; day++) {
        const tape = await load(day);
        if (tape) return tape;
      }
      return undefined;
    },

    async bars(listed, timeframe, span) {
      const source = byKey.get(listed.instrument.key);
      const from = source && coarsest(source.series, timeframe);
      if (!source || !from) return new BarSeries(listed.instrument.key, timeframe);
      const printed = await store.load(source.stored.key, from.timeframe, span);
      const untilThen = actions.filter(
        ({ key, exDay }) => key === source.stored.key && startOfDay(exDay) < span.to,
      );
      const { series } = adjustedBars(printed, untilThen);
      const sessions = sessionsOf(calendar, listed.instrument);
      const wanted =
        from.timeframe === timeframe
          ? insideSessions(series, sessions).series
          : resample(series, timeframe, sessions).series;
      return renamedBars(wanted, listed.instrument.key);
    },

    async futures({ instrument: { exchange, underlying } }) {
      return sources
        .map(({ listed }) => listed)
        .filter(
          ({ instrument }) =>
            instrument.kind === 'FUT' &&
            instrument.exchange === exchange &&
            instrument.underlying === underlying,
        )
        .sort((a, b) => (a.listing.expiry < b.listing.expiry ? -1 : 1));
    },
  };
}

function newestOf(sources: readonly Pick<Source, 'stored' | 'played'>[]): number | undefined {
  const last = ({ played }: Pick<Source, 'played'>) => (played ? [istDayNumber(played.last)] : []);
  const invented = sources.filter(({ stored, played }) => stored.synthetic && played?.timeframe === '1m');
  const days = (invented.length > 0 ? invented : sources).flatMap(last);
  return days.length > 0 ? Math.max(...days) : undefined;
}

function coarsest(series: readonly StoredSeries[], timeframe: Timeframe): StoredSeries | undefined {
  return series
    .filter((stored) => canResample(stored.timeframe, timeframe))
    .sort((a, b) => timeframes.indexOf(b.timeframe) - timeframes.indexOf(a.timeframe))[0];
}
