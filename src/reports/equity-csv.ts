import { DataError } from '../domain/errors.ts';
import { decimalOf, toPaise } from '../domain/money.ts';
import type { EquityCurve } from '../domain/run-result.ts';
import { isoInstant, istDayNumber, startOfDay } from '../domain/time.ts';

const heading = 'time,equity,low,high,exposed';

/**
 * The account by day as CSV: instant and value of the day's last mark, the day's lowest and highest mark, and whether a
 * position was open at the last one (1 or 0). Rupees; times in India. A minute-by-minute curve of five years is 465,000
 * marks and would be most of what a run leaves behind.
 */
export function equityCsv({ time, equityPaise, exposed, length }: EquityCurve): string {
  const lines = [heading];
  for (let row = 0; row < length; ) {
    const end = startOfDay(istDayNumber(time[row]) + 1);
    let low = equityPaise[row];
    let high = low;
    while (row < length && time[row] < end) {
      const value = equityPaise[row++];
      if (value < low) low = value;
      else if (value > high) high = value;
    }
    const last = row - 1;
    lines.push(
      `${isoInstant(time[last])},${decimalOf(equityPaise[last])},${decimalOf(low)},${decimalOf(high)},${exposed[last]}`,
    );
  }
  return `${lines.join('\n')}\n`;
}

/** The curve's daily marks. @throws DataError DATA_RUN when the text is not what `equityCsv` writes */
export function readEquityCsv(text: string): EquityCurve {
  const [first, ...lines] = text.trimEnd().split('\n');
  const cells = lines.map((line) => line.split(','));
  const time = Float64Array.from(cells, ([instant]) => Date.parse(instant));
  const equityPaise = Float64Array.from(cells, ([, equity]) => toPaise(Number(equity)));
  if (first !== heading || !time.every(Number.isFinite) || !equityPaise.every(Number.isFinite)) {
    throw new DataError(
      'DATA_RUN',
      'The equity curve of a saved run cannot be read.',
      'Run the backtest again; the new result replaces it.',
    );
  }
  return {
    time,
    equityPaise,
    exposed: Uint8Array.from(cells, (row) => Number(row[4])),
    length: lines.length,
  };
}
