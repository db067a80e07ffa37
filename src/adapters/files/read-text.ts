import type { Timeframe } from '../../domain/timeframe.ts';
import type { BarIntake } from './bar-intake.ts';
import { scanKiteJson } from './kite-json.ts';
import { scanTable } from './scan-table.ts';
import { planTable, type TableOptions } from './table-plan.ts';
import { textBytes } from './text-bytes.ts';
import type { Zone } from './zone.ts';

/** What a file turned out to be. */
export interface Recognised {
  readonly about: string;
  /** Where the layout fixes them. */
  readonly timeframe?: Timeframe | undefined;
  readonly exchange?: string | undefined;
  /** Symbols are names of indices as NSE's website spells them. */
  readonly indices?: boolean | undefined;
}

export interface TextOptions extends TableOptions {
  readonly zone: Zone;
  /** Symbols to keep, as the file spells them. */
  readonly wanted: (symbol: string) => boolean;
}

/** Reads an unpacked text file, JSON or table, into the intake. @throws DataError with file, line, column and value */
export function readText(bytes: Buffer, options: TextOptions, intake: BarIntake): Recognised {
  const text = textBytes(intake.file, bytes);
  if (options.format === 'kite-json' || (options.format === undefined && looksLikeJson(text))) {
    intake.unit = 'candle';
    scanKiteJson(text, options.zone, options.order, intake);
    return { about: 'Kite historical JSON' };
  }
  const plan = planTable(intake.file, text, options);
  scanTable(text, plan, options.zone, options.wanted, intake, options.facts);
  return { about: plan.about, timeframe: plan.timeframe, exchange: plan.exchange, indices: plan.indices };
}

function looksLikeJson(text: Buffer): boolean {
  const first = text.find((byte) => byte > 32);
  return first === 123 || first === 91;
}
