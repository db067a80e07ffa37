import { loadRulebook } from '../config/rulebook.ts';
import type { Context, Progress } from './context.ts';
import { dataGenerate, type Generated, syntheticTimeframe } from './data-generate.ts';
import { historyOf } from './open-history.ts';
import { parseExtras, parseOptionTimeframe, parseScenario } from './synthetic-extras.ts';

/** What the flags say; what they leave out is the profile's `synthetic` section. */
export interface GenerateFlags {
  readonly seed?: number | undefined;
  readonly from?: string | undefined;
  readonly days?: number | undefined;
  readonly symbols?: number | undefined;
  readonly timeframe?: string | undefined;
  readonly scenario?: string | undefined;
  readonly with?: string | undefined;
  readonly optionsTimeframe?: string | undefined;
  readonly check: boolean;
}

/** `algo data generate`: an invented market into the configured history. */
export async function runDataGenerate(context: Context, flags: GenerateFlags): Promise<Generated> {
  const { synthetic } = context.config;
  const request = {
    seed: flags.seed ?? synthetic.seed,
    from: flags.from ?? synthetic.from,
    days: flags.days ?? synthetic.days,
    symbols: flags.symbols ?? synthetic.symbols,
    timeframe: syntheticTimeframe(flags.timeframe ?? synthetic.timeframe),
    scenario: flags.scenario === undefined ? undefined : parseScenario(flags.scenario),
    with: parseExtras(flags.with ?? ''),
    optionTimeframe: parseOptionTimeframe(flags.optionsTimeframe ?? '5m'),
    check: flags.check,
  };
  const store = historyOf(context);
  const rulebook = loadRulebook(context.folders.root, context.folders.home);
  let bar: Progress | undefined;
  const progress = (done: number, total: number) => {
    bar ??= context.output.progress('series', total);
    bar.step(done);
  };
  try {
    return await dataGenerate({ store, rulebook, progress }, request);
  } finally {
    bar?.done();
    await store.close();
  }
}
