import { clockOf, minuteOfClock } from '../../domain/time.ts';
import type { Finding } from './study.ts';

/** The rules of a strategy in the configuration, as far as they are set: `strategies.<name>`. */
export interface StrategySettings {
  readonly entryWindows?: readonly string[] | undefined;
  readonly skipWeekdays?: readonly string[] | undefined;
  readonly side?: 'both' | 'long' | 'short' | undefined;
  readonly weight?: number | undefined;
}

/** A change that the product can apply, and the finding it follows from. */
export interface Proposal {
  readonly strategy: string;
  /** In a trader's words: `no entries of ema20_50 on mondays`. */
  readonly what: string;
  /** The settings that change, whole. */
  readonly settings: StrategySettings;
  readonly finding: Finding;
}

/** Hours of entries of a strategy that has no windows of its own. */
const wholeDay = '00:00-23:59';
/** A strategy that does worse than its companions is halved rather than dropped: it may still be their hedge. */
const lighter = 0.5;

/**
 * Changes for what bleeds and did so again on the trades held out. What cannot be said in a setting (a trend, a gap) stays a finding.
 * `rules` are the settings in force; changes of one strategy build upon each other.
 */
export function proposalsOf(
  findings: readonly Finding[],
  rules: Readonly<Record<string, StrategySettings>>,
): readonly Proposal[] {
  const inForce: Record<string, StrategySettings> = { ...rules };
  return findings
    .filter(({ verdict, effect }) => verdict === 'holds' && effect === 'bleeds')
    .flatMap((finding) => {
      const { strategy } = finding;
      const change = changeOf(finding, inForce[strategy] ?? {});
      if (change === undefined) return [];
      inForce[strategy] = { ...inForce[strategy], ...change.settings };
      return [{ strategy, ...change, finding }];
    });
}

/** The settings that all proposals together come to, by strategy. */
export function patchOf(proposals: readonly Proposal[]): Readonly<Record<string, StrategySettings>> {
  const patch: Record<string, StrategySettings> = {};
  for (const { strategy, settings } of proposals) patch[strategy] = { ...patch[strategy], ...settings };
  return patch;
}

function changeOf(
  { strategy, feature, label }: Finding,
  rules: StrategySettings,
): Pick<Proposal, 'what' | 'settings'> | undefined {
  switch (feature) {
    case 'hour': {
      const from = minuteOfClock(label);
      const hour = { from, to: from + 60 };
      const entryWindows = without(rules.entryWindows ?? [], hour);
      if (entryWindows.length === 0) return undefined;
      const what = `no entries of ${strategy} from ${label} to ${clockOf(hour.to)}`;
      return { what, settings: { entryWindows } };
    }
    case 'weekday': {
      const skipWeekdays = [...new Set([...(rules.skipWeekdays ?? []), label])];
      return { what: `no entries of ${strategy} on ${label}s`, settings: { skipWeekdays } };
    }
    case 'side': {
      const side = label === 'long' ? 'short' : 'long';
      return { what: `${strategy} enters ${side} only`, settings: { side } };
    }
    case 'strategy': {
      const weight = (rules.weight ?? 1) * lighter;
      return { what: `${strategy} trades at ${weight} of its size`, settings: { weight } };
    }
    case 'trend':
    case 'volatility':
    case 'gap':
    case 'distance':
    case 'market trend':
    case 'market volatility':
    case 'breadth':
    case 'expiry':
      return undefined;
    default:
      return feature satisfies never;
  }
}

/** Stretches of the day without an hour. */
function without(
  windows: readonly string[],
  hour: { readonly from: number; readonly to: number },
): readonly string[] {
  return (windows.length > 0 ? windows : [wholeDay]).flatMap((text) => {
    const from = minuteOfClock(text.slice(0, 5));
    const to = minuteOfClock(text.slice(6));
    const pieces = [
      { from, to: Math.min(to, hour.from) },
      { from: Math.max(from, hour.to), to },
    ];
    return pieces
      .filter((piece) => piece.from < piece.to)
      .map((piece) => `${clockOf(piece.from)}-${clockOf(piece.to)}`);
  });
}
