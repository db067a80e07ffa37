import { readFileSync } from 'node:fs';
import { BarSeries } from '../../src/domain/bar-series.ts';

export interface Vector {
  readonly name: string;
  readonly options: readonly number[];
  /** Inputs, then outputs. */
  readonly lines: readonly (readonly number[])[];
}

/** Tulip's file: blocks of a name with its options, then one line of numbers in braces for each input and output. */
export function vectorsOf(text: string): Vector[] {
  return text.split(/\n\s*\n/).flatMap((block) => {
    const [head = '', ...lines] = block
      .split('\n')
      .filter((line) => line.trim() !== '' && !line.startsWith('#'));
    const [name, ...options] = head.trim().split(/\s+/);
    const numbers = lines.map((line) => line.replace(/[{}]/g, '').split(',').map(Number));
    return numbers.length > 1 ? [{ name, options: options.map(Number), lines: numbers }] : [];
  });
}

export interface BacktraderCase {
  readonly chkind: string;
  readonly chkmin: number;
  readonly chkvals: readonly (readonly string[])[];
}

/** backtrader's cases, and the bars they were computed on, which lie beside them. */
export function backtraderCases(path: string): {
  readonly cases: readonly BacktraderCase[];
  readonly daily: BarSeries;
} {
  const rows = readFileSync(path.replace('indicator_values.json', '2006-day-001.txt'), 'utf8')
    .trim()
    .split('\n')
    .slice(1);
  const daily = new BarSeries('TEST:2006', 'day');
  for (const [at, row] of rows.entries()) {
    const [, open, high, low, close, volume] = row.split(',').map(Number);
    daily.append(at, open, high, low, close, volume);
  }
  const { cases }: { cases: BacktraderCase[] } = JSON.parse(readFileSync(path, 'utf8'));
  return { cases, daily };
}

/** The rows at which a case states its values: the last, the first that is defined, and one between. */
export function checkPoints({ chkmin }: BacktraderCase, bars: number): readonly number[] {
  return [bars - 1, chkmin - 1, bars - 1 + Math.floor((chkmin - bars) / 2)];
}
