import { loadRulebook } from '../config/rulebook.ts';
import type { Context } from './context.ts';
import { dataGenerate, type Generated, syntheticTimeframe } from './data-generate.ts';
import { historyOf } from './open-history.ts';

/** What the flags say; what they leave out is the profile's `synthetic` section. */
export interface GenerateFlags {
  readonly seed?: number | undefined;
  readonly from?: string | undefined;
  readonly days?: number | undefined;
  readonly symbols?: number | undefined;
  readonly timeframe?: string | undefined;
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
    check: flags.check,
  };
  const store = historyOf(context);
  try {
    return await dataGenerate(
      { store, rulebook: loadRulebook(context.folders.root, context.folders.home) },
      request,
    );
  } finally {
    await store.close();
  }
}
