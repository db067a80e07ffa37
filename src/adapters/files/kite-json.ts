import { DataError } from '../../domain/errors.ts';
import type { BarIntake } from './bar-intake.ts';
import type { DateOrder } from './date-order.ts';
import { rowProblem } from './row-problem.ts';
import { StampReader } from './stamp.ts';
import { expectedStamp } from './stamp-words.ts';
import type { Zone } from './zone.ts';

const fields = ['time', 'open', 'high', 'low', 'close', 'volume', 'oi'] as const;

/**
 * Reads what Kite's historical endpoint answers: `{"data":{"candles":[[time, open, high, low, close, volume, oi?], …]}}`,
 * or the candles alone. @throws DataError DATA_LAYOUT, DATA_NUMBER, DATA_TIME, DATA_COLUMNS
 */
export function scanKiteJson(
  bytes: Buffer,
  zone: Zone,
  order: DateOrder | undefined,
  intake: BarIntake,
): void {
  const candles = candlesOf(intake.file, bytes);
  const series = intake.seriesOf('');
  const stamps = new StampReader(zone, order);
  for (const [index, candle] of candles.entries()) {
    const line = index + 1;
    const place = (column: string) => ({ file: intake.file, unit: intake.unit, line, column });
    if (!Array.isArray(candle) || candle.length < 5 || candle.length > 7) {
      const received = JSON.stringify(candle) ?? '';
      intake.bad(
        rowProblem(
          'DATA_COLUMNS',
          { file: intake.file, unit: intake.unit, line },
          received,
          '[time, open, high, low, close, volume]',
        ),
      );
      continue;
    }
    const [time, open, high, low, close, volume = 0, oi = 0]: unknown[] = candle;
    const told = candle.length > 6;
    const text = Buffer.from(typeof time === 'string' || typeof time === 'number' ? String(time) : '');
    const problem = stamps.read(text, 0, text.length);
    if (problem) {
      intake.bad(expectedStamp(problem, place('time'), text.toString(), zone.name));
      continue;
    }
    if (finite(open) && finite(high) && finite(low) && finite(close) && finite(volume) && finite(oi)) {
      if (stamps.clocked) intake.clocked = true;
      const units = told ? oi : Number.NaN;
      intake.add(series, line, stamps.instant, stamps.offset, open, high, low, close, volume, units);
      continue;
    }
    const wrong = [time, open, high, low, close, volume, oi].findIndex(
      (value, column) => column > 0 && !finite(value),
    );
    intake.bad(
      rowProblem(
        'DATA_NUMBER',
        place(fields[wrong]),
        JSON.stringify(candle[wrong]) ?? '',
        'a number such as 1234.5',
      ),
    );
  }
  intake.rowsRead += candles.length;
}

function finite(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}

function candlesOf(file: string, bytes: Buffer): unknown[] {
  const candles = candlesIn(parsed(file, bytes));
  if (candles === undefined) {
    throw new DataError(
      'DATA_LAYOUT',
      `${file} is JSON without candles.`,
      'Give what Kite\'s historical endpoint answers: {"data":{"candles":[…]}}.',
    );
  }
  if (candles.length === 0)
    throw new DataError(
      'DATA_EMPTY',
      `${file} has no candles in it.`,
      'Ask Kite for a span with trading days.',
    );
  return candles;
}

function candlesIn(value: unknown): unknown[] | undefined {
  if (Array.isArray(value)) return value;
  if (typeof value !== 'object' || value === null) return undefined;
  if ('candles' in value) return Array.isArray(value.candles) ? value.candles : undefined;
  return 'data' in value ? candlesIn(value.data) : undefined;
}

function parsed(file: string, bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch (cause) {
    const why =
      typeof cause === 'object' && cause !== null && 'message' in cause ? String(cause.message) : '';
    throw new DataError(
      'DATA_LAYOUT',
      `${file} begins like JSON but is none: ${why}.`,
      'Export it again; it may be cut off.',
      cause,
    );
  }
}
