import { UsageError } from '../domain/errors.ts';
import type { Product } from '../domain/order.ts';
import type { Period } from '../research/breakdown.ts';

/** What a backtest is asked for on top of the configuration. */
export interface BacktestRequest {
  /** Instruments, universes of the configuration, `synthetic` or `all`; empty takes the profile's universe. */
  readonly universe: readonly string[];
  readonly strategies: readonly string[];
  /** Replaces every strategy's own timeframe. */
  readonly timeframe?: string | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  /** The last so many days with bars, instead of `from`. */
  readonly days?: number | undefined;
  /** `fast=10`, or `ema20_50.fast=10` for one of several strategies. */
  readonly params: readonly string[];
  readonly breakdown?: Period | undefined;
  /** Keep what price charts are drawn from. */
  readonly pictures?: boolean | undefined;
}

/** Flags of the command that stand for settings; undefined leaves the configuration alone. */
export interface BacktestFlags {
  readonly capital?: string | undefined;
  readonly charges?: string | undefined;
  readonly prices?: 'raw' | 'adjusted' | undefined;
  readonly fill?: string | undefined;
  readonly slippage?: string | undefined;
  readonly product?: Product | 'auto' | undefined;
  readonly detail?: string | undefined;
  readonly quantity?: string | undefined;
  readonly lots?: string | undefined;
  readonly equityPercent?: string | undefined;
  readonly riskPercent?: string | undefined;
}

/** The flags as settings by configuration path, checked by the same schema as the YAML. */
export function backtestSettings(flags: BacktestFlags): Readonly<Record<string, unknown>> {
  return {
    capital: numberOf(flags.capital),
    charges: flags.charges,
    prices: flags.prices,
    'fill.price': flags.fill,
    'fill.detail': flags.detail,
    product: flags.product,
    ...slippageSettings(flags.slippage),
    ...sizingSettings(flags),
  };
}

// What is not a number goes to the schema as it is, which then says what it expects.
function numberOf(text: string | undefined): unknown {
  if (text === undefined) return undefined;
  const plain = text.replaceAll(/[_,]/g, '');
  return /^-?\d+(\.\d+)?$/.test(plain) ? Number(plain) : text;
}

const slippageKinds: Readonly<Record<string, string>> = {
  ticks: 'ticks',
  tick: 'ticks',
  t: 'ticks',
  bps: 'bps',
  volatility: 'volatility',
  vol: 'volatility',
};

/** Reads `none`, `2ticks`, `bps:5`, `volatility:10`. @throws UsageError USAGE_SLIPPAGE */
function slippageSettings(text: string | undefined): Readonly<Record<string, unknown>> {
  if (text === undefined) return {};
  if (text === 'none' || text === '0') return { 'fill.slippage.kind': 'none', 'fill.slippage.amount': 0 };
  const match = /^(?:([a-z]+):(\d+(?:\.\d+)?)|(\d+(?:\.\d+)?) ?([a-z]+))$/.exec(text.trim().toLowerCase());
  const kind = slippageKinds[match?.[1] ?? match?.[4] ?? ''];
  if (match && kind)
    return { 'fill.slippage.kind': kind, 'fill.slippage.amount': Number(match[2] ?? match[3]) };
  throw new UsageError(
    'USAGE_SLIPPAGE',
    `--slippage received "${text}".`,
    'Use none, 1tick, 5bps or volatility:10 (percent of the bar range).',
  );
}

function sizingSettings({
  quantity,
  lots,
  equityPercent,
  riskPercent,
}: BacktestFlags): Readonly<Record<string, unknown>> {
  const given = [
    { flag: '--quantity', rule: 'quantity', key: 'sizing.quantity', text: quantity },
    { flag: '--lots', rule: 'lots', key: 'sizing.lots', text: lots },
    {
      flag: '--equity-percent',
      rule: 'percent-of-equity',
      key: 'sizing.percentOfEquity',
      text: equityPercent,
    },
    { flag: '--risk-percent', rule: 'risk-per-trade', key: 'sizing.riskPercent', text: riskPercent },
  ].filter(({ text }) => text !== undefined);
  if (given.length > 1) {
    throw new UsageError(
      'USAGE_SIZING',
      `${given.map(({ flag }) => flag).join(' and ')} were given together, and each is a whole sizing rule.`,
      'Give one of them.',
    );
  }
  const [one] = given;
  return one ? { 'sizing.rule': one.rule, [one.key]: numberOf(one.text) } : {};
}
