import { BarSeries } from '../../domain/bar-series.ts';
import { DataError } from '../../domain/errors.ts';
import type { InstrumentKey } from '../../domain/instrument.ts';
import { type EpochMs, istDate, minuteMs, startOfDay } from '../../domain/time.ts';
import type { Cancel } from '../../engine/ports.ts';
import type { DaySource, DayTape } from './day-tape.ts';
import type { Listed, Quote, SandboxMarket } from './market.ts';
import { PlayedDay } from './played-day.ts';
import type { DrivenClock } from './sandbox-clock.ts';

/** A new day's instruments are known from here on, India time; Kite's own list is ready at about 08:30. */
const dayBeginsMinute = 8 * 60 + 45;
/** After the close the clock stays this long before it goes over the night. */
const afterCloseMs = 15 * minuteMs;

/** The market that plays, with what the sandbox's own read routes ask of it. */
export interface PlayedMarket extends SandboxMarket {
  readonly clock: DrivenClock;
  readonly dayNumber: number;
  /** First opening and last closing of the day. */
  readonly hours: { readonly open: EpochMs; readonly close: EpochMs };
  /** Last price, close and limits before the first print; undefined for what is not listed. */
  idleQuote(key: InstrumentKey): Quote | undefined;
  /** Today's minutes until now, the running one included. */
  minutesToday(key: InstrumentKey): BarSeries;
  close(): void;
}

export interface MarketStart {
  readonly clock: DrivenClock;
  readonly days: DaySource;
  /** The day that is played first; the clock stands on it, at its opening or before. */
  readonly tape: DayTape;
  /** Whole number; the same seed gives the same prints. */
  readonly seed: number;
  /** Between two days the clock leaps from after the close to the next day's morning, or runs through the night. */
  readonly overnight: 'leap' | 'run';
  /** When the sandbox is entered; whoever comes after the evening's leap means to be there, so that night runs. */
  readonly entered: EpochMs;
}

/** Plays stored days, one after the other, in the time of its clock. */
export function playMarket({ clock, days, tape, seed, overnight, entered }: MarketStart): PlayedMarket {
  const printListeners = new Set<(quote: Quote, quantity: number) => void>();
  const dayListeners = new Set<(dayNumber: number) => void>();
  let today = new PlayedDay(tape, seed);
  let index = indexOf(tape);
  let cancel: Cancel[] = [];
  let closed = false;
  let nextTape: Promise<DayTape | undefined> = Promise.resolve(undefined);
  /** Filled in when it has been read. */
  let known: { readonly next: DayTape | undefined } | undefined;

  function begin(): void {
    schedulePrint();
    known = undefined;
    nextTape = days.day(today.tape.dayNumber + 1);
    nextTape.then(
      (next) => {
        known = { next };
      },
      // Whoever comes to need the day hears of the failure; until then nobody waits for it.
      () => undefined,
    );
    cancel.push(clock.at(today.tape.close + afterCloseMs, onEvening));
  }

  function schedulePrint(): void {
    const time = today.nextTime;
    if (time !== undefined && !closed) cancel[0] = clock.at(time, onPrints);
  }

  function onPrints(): void {
    const now = clock.now();
    for (let time = today.nextTime; time !== undefined && time <= now; time = today.nextTime) {
      const quote = today.print();
      for (const listen of printListeners) listen(quote, today.tradedLast);
    }
    schedulePrint();
  }

  // The day after has been read since the morning; only steps over several days get here before it is there.
  function onEvening(): void {
    if (known) {
      if (known.next) goOver(known.next);
      return;
    }
    const release = clock.hold();
    void nextTape.then(
      (next) => {
        if (next && !closed) goOver(next);
        release();
      },
      (cause) => {
        release();
        throw cause;
      },
    );
  }

  function goOver(next: DayTape): void {
    const morning = startOfDay(next.dayNumber) + dayBeginsMinute * minuteMs;
    const starts = Math.min(morning, next.open);
    cancel.push(clock.at(starts, () => turnTo(next)));
    if (overnight === 'leap' && clock.now() >= entered) clock.step(Math.max(0, starts - clock.now()));
  }

  function turnTo(next: DayTape): void {
    today = new PlayedDay(next, seed);
    index = indexOf(next);
    cancel = [];
    for (const listen of dayListeners) listen(next.dayNumber);
    begin();
  }

  const placeOf = (key: InstrumentKey) => index.byKey.get(key);
  begin();

  return {
    clock,
    get listed() {
      return index.listed;
    },
    get dayNumber() {
      return today.tape.dayNumber;
    },
    get hours() {
      return today.tape;
    },
    byKey(key) {
      const place = placeOf(key);
      return place === undefined ? undefined : index.listed[place];
    },
    byToken(token) {
      const place = index.byToken.get(token);
      return place === undefined ? undefined : index.listed[place];
    },
    quote(key) {
      const place = placeOf(key);
      return place === undefined ? undefined : today.quote(place);
    },
    idleQuote(key) {
      const place = placeOf(key);
      return place === undefined ? undefined : today.idleQuote(place);
    },
    minutesToday(key) {
      const place = placeOf(key);
      return place === undefined ? new BarSeries(key, '1m') : today.minutesUntil(place, clock.now());
    },
    onPrint: (listen) => subscribed(printListeners, listen),
    onDay: (listen) => subscribed(dayListeners, listen),
    close() {
      closed = true;
      for (const call of cancel) call();
      printListeners.clear();
      dayListeners.clear();
    },
  };
}

interface TapeIndex {
  readonly listed: readonly Listed[];
  readonly byKey: ReadonlyMap<InstrumentKey, number>;
  readonly byToken: ReadonlyMap<number, number>;
}

function indexOf({ tracks }: DayTape): TapeIndex {
  const listed = tracks.map((track) => track.listed);
  return {
    listed,
    byKey: new Map(listed.map(({ instrument }, place) => [instrument.key, place])),
    byToken: new Map(listed.map(({ listing }, place) => [listing.token, place])),
  };
}

function subscribed<Listener>(listeners: Set<Listener>, listen: Listener): Cancel {
  listeners.add(listen);
  return () => listeners.delete(listen);
}

/** @throws DataError DATA_MISSING when nothing is stored on or after the day */
export async function firstTape(days: DaySource, dayNumber: number): Promise<DayTape> {
  const tape = await days.day(dayNumber);
  if (tape) return tape;
  throw new DataError(
    'DATA_MISSING',
    `No bars are stored on or after ${istDate(startOfDay(dayNumber))}, so the sandbox has no day to play.`,
    'algo data list shows what is stored; algo data generate invents a market.',
  );
}
