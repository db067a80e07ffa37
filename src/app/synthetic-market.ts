import { indexUnderlying } from '../adapters/synthetic/derivatives-plan.ts';
import { generateMarket } from '../adapters/synthetic/generate-market.ts';
import { listings, syntheticExchange } from '../adapters/synthetic/listings.ts';
import { scenarios } from '../adapters/synthetic/scenario.ts';
import { DataError } from '../domain/errors.ts';
import type { Instrument } from '../domain/instrument.ts';
import type { Rulebook } from '../domain/rulebook.ts';
import { dayNumberOf } from '../domain/time.ts';
import type { HistoryStore } from '../engine/ports.ts';
import type { Context } from './context.ts';
import { dataGenerate, holdsMarket } from './data-generate.ts';

/** Keys of the market that the profile asks for, the index first. */
export function syntheticKeys({ config }: Pick<Context, 'config'>): readonly string[] {
  return listings(config.synthetic.symbols).map(({ instrument }) => instrument.key);
}

/**
 * Sees to it that the history holds the invented market of the profile (`synthetic.*`); a second run finds it there.
 *
 * @throws DataError DATA_SYNTHETIC when the history holds one of another seed or first day, so that a report never names a
 *   seed that its prices do not come from
 */
export async function ensureSyntheticMarket(
  context: Pick<Context, 'config' | 'output'>,
  store: HistoryStore,
  rulebook: Pick<Rulebook, 'calendar' | 'contracts'>,
): Promise<'created' | 'present'> {
  const { synthetic } = context.config;
  const stored = (await store.list()).filter(({ key }) => key.startsWith(`${syntheticExchange}:`));
  const complete = syntheticKeys(context).every((key) => stored.some((series) => series.key === key));
  if (!complete) {
    context.output.note(`Making a synthetic market, seed ${synthetic.seed}: invented prices, not real ones.`);
    await dataGenerate({ store, rulebook }, synthetic);
    return 'created';
  }
  await verifySyntheticMarket(context, store, rulebook);
  return 'present';
}

/** A contract, and the first day on which no earlier one is left. */
export interface DatedFuture {
  readonly instrument: Instrument;
  readonly nearestFrom: number;
}

/**
 * The invented index's futures, each with the first day on which it is the nearest: the session after the expiry of the one before.
 * They are made with the market when the history holds none.
 *
 * @throws DataError DATA_SYNTHETIC
 */
export async function syntheticFutures(
  context: Pick<Context, 'config' | 'output'>,
  store: HistoryStore,
  rulebook: Pick<Rulebook, 'calendar' | 'contracts'>,
): Promise<readonly DatedFuture[]> {
  const stored = async () =>
    (await store.instruments()).filter(
      ({ exchange, kind, underlying }) =>
        exchange === syntheticExchange && kind === 'FUT' && underlying === indexUnderlying,
    );
  await ensureSyntheticMarket(context, store, rulebook);
  if ((await stored()).length === 0) {
    context.output.note('Making futures on the synthetic market: invented prices, not real ones.');
    await dataGenerate({ store, rulebook }, { ...context.config.synthetic, with: ['futures'] });
  }
  const contracts = (await stored()).flatMap((instrument) =>
    instrument.expiry === undefined ? [] : [{ instrument, expires: dayNumberOf(instrument.expiry) }],
  );
  contracts.sort((a, b) => a.expires - b.expires);
  return contracts.map(({ instrument }, at) => ({
    instrument,
    nearestFrom: at === 0 ? Number.NEGATIVE_INFINITY : contracts[at - 1].expires + 1,
  }));
}

/**
 * Sees to it that the invented prices of the history, if there are any, come from the profile's seed and first day, in whatever
 * scenario: a report names them.
 *
 * @throws DataError DATA_SYNTHETIC
 */
export async function verifySyntheticMarket(
  { config: { synthetic }, output }: Pick<Context, 'config' | 'output'>,
  store: HistoryStore,
  rulebook: Pick<Rulebook, 'calendar' | 'contracts'>,
): Promise<void> {
  const stored = (await store.list()).filter(({ key }) => key.startsWith(`${syntheticExchange}:`));
  if (stored.length === 0) return;
  for (const scenario of [undefined, ...scenarios]) {
    const [firstDay] = generateMarket({ ...synthetic, ...rulebook, days: 1, symbols: 0, scenario });
    if (!(await holdsMarket(store, stored, firstDay, rulebook.calendar))) continue;
    if (scenario) output.warn(`The synthetic market of the history is the ${scenario} scenario.`);
    return;
  }
  throw new DataError(
    'DATA_SYNTHETIC',
    `The history holds another synthetic market than the profile's: seed ${synthetic.seed} from ${synthetic.from} gives other prices.`,
    `Run: algo data generate --seed ${synthetic.seed} --from ${synthetic.from}, or set synthetic.seed and synthetic.from to those it was made with.`,
  );
}
