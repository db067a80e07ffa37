import { loadRulebook } from '../config/rulebook.ts';
import type { BarSeries } from '../domain/bar-series.ts';
import { isAlgoError } from '../domain/errors.ts';
import { sectorIndices } from '../domain/index-names.ts';
import type { Instrument, InstrumentKey } from '../domain/instrument.ts';
import { isoInstant, istDate } from '../domain/time.ts';
import type { MarketPage, SectorsPage } from '../reports/market-json.ts';
import { type SectorStrength, sectorStrength, strongestFirst } from '../research/market/sector-strength.ts';
import { type ClosedBars, closedBars, instantAsked } from './closed-bars.ts';
import type { Context } from './context.ts';
import { prepareBars, storedInstrument } from './history.ts';
import { knownIndex, noIndexText } from './known-index.ts';
import { bansOn } from './market-bans.ts';
import { expiriesOn, sessionText } from './market-day.ts';
import { breadthPage, indexPage, sectorRow, shareSectors, vixPage } from './market-parts.ts';
import { sectorsOf } from './named-universes.ts';
import { historyOf } from './open-history.ts';
import { resolveUniverse } from './universe.ts';

export interface MarketRequest {
  /** Words of the shares that are counted; none takes the profile's universe. */
  readonly universe: readonly string[];
  /** The index whose regime it is; else NIFTY 50, or the invented one where the universe is invented. */
  readonly index?: string | undefined;
  /** A day, or an instant as `2026-10-06 11:30`; what closed later is not seen. */
  readonly asOf?: string | undefined;
}

/**
 * What the market is like: the index and its regime, expected volatility, breadth, sectors, expiries and bans of a day. What cannot be
 * told says why instead of being left out.
 *
 * @throws UsageError USAGE_INSTANT; DataError DATA_MISSING when nothing of the universe is stored, or the index that was named is not
 */
export async function marketContext(context: Context, request: MarketRequest): Promise<MarketPage> {
  const { folders, clock } = context;
  const until = instantAsked(request.asOf);
  const now = clock.now();
  const day = istDate(Number.isFinite(until) ? until - 1 : now);
  const rulebook = loadRulebook(folders.root, folders.home);
  const store = historyOf(context);
  const universe = await resolveUniverse(context, store, rulebook, request.universe, day);
  const shares = universe.instruments.filter(({ kind }) => kind === 'EQ');
  const synthetic = universe.instruments.some((each) => each.synthetic === true);
  const keys = new Set((await store.list()).map(({ key }) => key));
  const index = request.index ?? knownIndex(synthetic).index.find((key) => keys.has(key));
  const vix = knownIndex(synthetic).vix.find((key) => keys.has(key));
  const sectors = sectorIndices.map((name) => `NSE:${name}`).filter((key) => keys.has(key));

  const known = await Promise.all(
    [index, vix, ...sectors].flatMap((key) => (key === undefined ? [] : storedInstrument(store, key))),
  );
  await prepareBars(store, [...shares, ...known], ['day']);
  const days = new DayBars(await closedBars(store, { calendar: rulebook.calendar, until }));
  const byKey = new Map(known.map((instrument) => [instrument.key, instrument]));
  const of = async (key: InstrumentKey | undefined) => {
    const instrument = key === undefined ? undefined : byKey.get(key);
    return instrument && (await days.of(instrument));
  };
  const indexDays = await of(index);
  const progress = context.output.progress('market', shares.length);
  const shareDays: BarSeries[] = [];
  for (const [done, share] of shares.entries()) {
    const bars = await days.of(share);
    if (bars) shareDays.push(bars);
    progress.step(done + 1, share.key);
  }
  progress.done();

  return {
    day,
    askedAt: isoInstant(now),
    synthetic,
    session: sessionText(rulebook, day),
    index: indexDays ? indexPage(indexDays, day) : { why: noIndexText(index, synthetic) },
    vix: vixPage(await of(vix), day, { why: noVix(synthetic) }),
    breadth: breadthPage(shareDays, { day, missing: [...universe.missing, ...days.without(shares)] }),
    sectors: {
      indices: await indicesOf(sectors),
      shares: shareSectors(shareDays, sectorsOf(context, day), indexDays),
    },
    expiries: expiriesOn(rulebook, day),
    bans: bansOn(context, day),
  };

  async function indicesOf(found: readonly InstrumentKey[]): Promise<SectorsPage['indices']> {
    const rows: SectorStrength[] = [];
    for (const key of found) {
      const bars = await of(key);
      if (bars) rows.push(sectorStrength(key.slice(key.indexOf(':') + 1), [bars], indexDays));
    }
    if (rows.length > 0) return strongestFirst(rows).map(sectorRow);
    return {
      why: `No day bars of NSE's sector indices are stored. Run: algo backfill ${sectorIndices
        .slice(0, 2)
        .map((name) => `"NSE:${name}"`)
        .join(' ')} … -i day`,
    };
  }
}

/** Day bars by instrument, each loaded once; undefined where none had closed. */
class DayBars {
  readonly #bars: ClosedBars;
  readonly #known = new Map<InstrumentKey, BarSeries | undefined>();

  constructor(bars: ClosedBars) {
    this.#bars = bars;
  }

  async of(instrument: Instrument): Promise<BarSeries | undefined> {
    if (!this.#known.has(instrument.key)) this.#known.set(instrument.key, await this.#load(instrument));
    return this.#known.get(instrument.key);
  }

  without(instruments: readonly Instrument[]): readonly InstrumentKey[] {
    return instruments.map(({ key }) => key).filter((key) => this.#known.get(key) === undefined);
  }

  async #load(instrument: Instrument): Promise<BarSeries | undefined> {
    try {
      return (await this.#bars.of(instrument, 'day')).series;
    } catch (error) {
      if (isAlgoError(error) && error.code === 'DATA_MISSING') return undefined;
      throw error;
    }
  }
}

function noVix(synthetic: boolean): string {
  const [name] = knownIndex(synthetic).vix;
  const how = synthetic ? 'algo data generate --with vix' : `algo backfill "${name}" -i day`;
  return `No day bars of ${name} are stored. Run: ${how}`;
}
