import { rupeesOf } from '../domain/money.ts';
import { type EpochMs, istDate, istText } from '../domain/time.ts';
import { isIntraday } from '../domain/timeframe.ts';
import type { RunHeader, StrategyRun } from '../research/backtest-outcome.ts';
import { countText, shortHash, wallText } from './format.ts';
import { bold, type Screen, wrapped } from './screen.ts';

const labelWidth = 11;
// Keeps two words on one line while the text is wrapped; printed as a blank.
const unbroken = '\u00a0';

/** What was run, on what, under which rules, and what to be wary of. */
export function backtestHeader(header: RunHeader, screen: Screen): string {
  const { hashes, strategies, instruments } = header;
  const names = strategies.map(({ name }) => name).join(', ');
  const lines = [
    ...wrapped(`Backtest of ${names} on ${header.timeframe} bars, ${spanText(header)}`, screen.width).map(
      (line) => bold(line, screen),
    ),
    ...syntheticLine(header),
    '',
    ...labelled('Run', `${header.runId} · algo ${header.version}`, screen),
    ...strategies.flatMap((strategy) => labelled('Strategy', strategyText(strategy), screen)),
    ...labelled('Universe', universeText(instruments.map(({ key }) => key)), screen),
    ...labelled('Bars', `${countText(header.bars)} in ${wallText(header.wallMs)}`, screen),
    ...labelled('Account', `${rupeesOf(header.capitalPaise)} · ${header.product} · ${header.sizing}`, screen),
    ...labelled('Rules', `fills ${header.fillRule} · charges ${header.charges}`, screen),
    ...labelled(
      'Hashes',
      (['data', 'config', 'rulebook', 'strategy', 'result'] as const)
        .map((part) => `${part}${unbroken}${shortHash(hashes[part])}`)
        .join(' · '),
      screen,
    ),
    ...header.warnings.flatMap((warning) => labelled('Warning', warning, screen)),
  ];
  return lines.join('\n');
}

export function spanText({ from, to, timeframe }: RunHeader): string {
  if (from === undefined || to === undefined) return 'without a bar';
  const text = (time: EpochMs) => (isIntraday(timeframe) ? istText(time) : istDate(time));
  return `${text(from)} to ${text(to)}`;
}

export function syntheticLine({ instruments, seed }: RunHeader): string[] {
  const invented = instruments.filter(({ synthetic }) => synthetic).length;
  if (invented === 0) return [];
  const whose = invented < instruments.length ? `${invented} of ${instruments.length} instruments: ` : '';
  const prices = whose ? 'synthetic prices' : 'Synthetic prices';
  return [`${whose}${prices}${seed === undefined ? '' : `, seed ${seed}`}, not real.`];
}

export function strategyText({ name, params, sourceHash }: StrategyRun): string {
  const set = Object.entries(params).map(([key, value]) => `${key} ${value}`);
  return `${name}${set.length > 0 ? ` (${set.join(', ')})` : ''} · source ${shortHash(sourceHash)}`;
}

const namedInstruments = 6;

function universeText(keys: readonly string[]): string {
  const named = keys.slice(0, namedInstruments).join(', ');
  return keys.length > namedInstruments ? `${named} and ${keys.length - namedInstruments} more` : named;
}

function labelled(label: string, text: string, screen: Screen): string[] {
  return wrapped(text, screen.width - labelWidth).map(
    (line, at) => (at === 0 ? label : '').padEnd(labelWidth) + line,
  );
}
