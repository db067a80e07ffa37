import { UsageError } from '../domain/errors.ts';
import { didYouMean } from '../domain/nearest.ts';
import { catalogue } from '../indicators/catalogue.ts';
import type { IndicatorPage, IndicatorsPage } from '../reports/indicators-text.ts';

/** Every indicator of the catalogue, or the one that is named. @throws UsageError USAGE_INDICATOR for a name there is not */
export function listIndicators(name?: string): IndicatorsPage {
  const names = Object.keys(catalogue);
  if (name === undefined) return { indicators: names.map(indicatorPage) };
  const known = names.find((each) => each.toLowerCase() === name.toLowerCase());
  if (known) return { indicators: [indicatorPage(known)] };
  const hint = didYouMean(name, names);
  throw new UsageError(
    'USAGE_INDICATOR',
    `Unknown indicator "${name}".${hint}`,
    'List them with: algo indicators',
  );
}

function indicatorPage(name: string): IndicatorPage {
  const { about, call, sources, defaults, warmUp } = catalogue[name];
  return {
    name,
    about,
    call,
    inputs: [
      ...sources.map((source) => ({ name: source, default: null })),
      ...Object.entries(defaults).map(([input, value]) => ({ name: input, default: value })),
    ],
    outputs: Object.entries(warmUp).map(([line, bars]) => ({
      name: line,
      warmUpBars: bars === 'a session' ? null : bars,
    })),
  };
}
