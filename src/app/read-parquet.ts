import { openParquet, type ParquetChunk } from '../adapters/duckdb/parquet-reader.ts';
import type { BarIntake, ContractDetails } from '../adapters/files/bar-intake.ts';
import { columnsOf, type Role } from '../adapters/files/columns.ts';
import type { Recognised, TextOptions } from '../adapters/files/read-text.ts';
import { rowProblem } from '../adapters/files/row-problem.ts';
import { StampReader } from '../adapters/files/stamp.ts';
import { expectedStamp } from '../adapters/files/stamp-words.ts';
import { usualSeries } from '../adapters/files/table-plan.ts';
import { DataError } from '../domain/errors.ts';
import { dayMs } from '../domain/time.ts';

const textRoles = ['symbol', 'exchange', 'series', 'underlying', 'expiry', 'optionType'] as const;
const numberRoles = ['lot', 'strike', 'oi', 'oiLots'] as const;

/** Reads a Parquet file into the intake, with the same column names and the same checks as a text table. */
export async function readParquet(
  path: string,
  options: TextOptions,
  intake: BarIntake,
): Promise<Recognised> {
  intake.unit = 'row';
  const file = await openParquet(path, intake.file);
  try {
    const names = file.columns;
    const columns = columnsOf(intake.file, names, options.columns);
    const nameOf = (role: Role) => (columns[role] === undefined ? undefined : names[columns[role]]);
    const need = (role: Role) => nameOf(role) ?? '';
    const texts = textRoles.filter((role) => columns[role] !== undefined);
    const numbers = numberRoles.filter((role) => columns[role] !== undefined);
    const inLots = columns.volume === undefined && columns.contracts !== undefined;
    const selection = {
      time: need('time'),
      open: need('open'),
      high: need('high'),
      low: need('low'),
      close: need('close'),
      volume: nameOf('volume') ?? nameOf('contracts'),
      texts: texts.map(need),
      numbers: numbers.map(need),
    };
    const openInterest = nameOf('oi') ?? nameOf('oiLots') ?? 'oi';
    intake.names = { ...selection, volume: selection.volume ?? 'volume', openInterest };
    const kind = file.timeKind(selection.time);
    const dates = new StampReader(options.zone, options.order);
    const contracts = columns.expiry !== undefined || columns.optionType !== undefined;
    const kept = columns.symbol === undefined ? undefined : (options.series ?? usualSeries);
    let line = 0;
    await file.read(selection, (chunk) => {
      const text = (role: (typeof textRoles)[number]) => chunk.texts[texts.indexOf(role)];
      const number = (role: (typeof numberRoles)[number]) => chunk.numbers[numbers.indexOf(role)];
      for (let row = 0; row < chunk.length; row++) {
        line++;
        const series = text('series');
        if (series && kept && !kept.has(series[row].toUpperCase())) {
          intake.skip(`series other than ${[...kept].join(', ')}`, line);
          continue;
        }
        const symbol = text('symbol')?.[row] ?? '';
        if (columns.symbol !== undefined && symbol === '') {
          intake.bad(
            rowProblem(
              'DATA_SYMBOL',
              { file: intake.file, unit: 'row', line, column: need('symbol') },
              '',
              'a symbol',
            ),
          );
          continue;
        }
        if (!options.wanted(symbol)) {
          intake.skip('other symbols', line);
          continue;
        }
        const { open, high, low, close } = chunk;
        const volume = Number.isNaN(chunk.volume[row]) ? 0 : chunk.volume[row];
        if (Number.isNaN(open[row]) && Number.isNaN(high[row]) && Number.isNaN(low[row])) {
          intake.skip('without prices', line);
          continue;
        }
        // Exchanges list contracts that did not trade, with zero prices.
        if (contracts && open[row] === 0 && high[row] === 0 && low[row] === 0) {
          intake.skip('contracts that did not trade', line);
          continue;
        }
        if (!stampOf(chunk, row)) continue;
        if (!Number.isFinite(open[row] + high[row] + low[row] + close[row] + volume)) {
          intake.bad(numberProblem(chunk, row));
          continue;
        }
        const details = contracts ? detailsOf(row, text, number) : undefined;
        if (details) intake.details.set(symbol, details);
        const units = inLots ? volume * (details?.lotSize ?? 1) : volume;
        intake.add(
          intake.seriesOf(symbol),
          line,
          dates.instant,
          dates.offset,
          open[row],
          high[row],
          low[row],
          close[row],
          units,
          number('oi')?.[row] ?? (number('oiLots')?.[row] ?? Number.NaN) * (details?.lotSize ?? 1),
        );
      }
    });
    intake.rowsRead += line;
    if (line === 0)
      throw new DataError('DATA_EMPTY', `${intake.file} has no rows.`, 'Write it again with data.');
    return { about: 'Parquet' };

    /** Leaves instant and offset in `dates`; false when the row is out. */
    function stampOf(chunk: ParquetChunk, row: number): boolean {
      const place = { file: intake.file, unit: 'row', line, column: selection.time };
      if (kind === 'text' || kind === 'number') {
        const bytes = Buffer.from(chunk.timeTexts[row]);
        const problem = dates.read(bytes, 0, bytes.length);
        if (problem) intake.bad(expectedStamp(problem, place, chunk.timeTexts[row], options.zone.name));
        if (dates.clocked) intake.clocked = true;
        return problem === undefined;
      }
      const time = chunk.time[row];
      if (!Number.isFinite(time)) {
        intake.bad(rowProblem('DATA_TIME', place, 'null', 'a time'));
        return false;
      }
      if (kind !== 'day' && time % dayMs !== 0) intake.clocked = true;
      const offset = kind === 'instant' ? options.zone.offsetAt(time) : options.zone.offsetOfWall(time);
      if (!Number.isFinite(offset) && kind === 'wall' && time % dayMs !== 0) {
        const words = new Date(time).toISOString().slice(0, 19).replace('T', ' ');
        intake.bad(
          expectedStamp(offset > 0 ? 'shown-twice' : 'skipped-by-clocks', place, words, options.zone.name),
        );
        return false;
      }
      dates.offset = Number.isFinite(offset) ? offset : options.zone.offsetAt(time);
      dates.instant = kind === 'instant' ? time : time - dates.offset;
      return true;
    }

    function numberProblem(chunk: ParquetChunk, row: number): DataError {
      const column =
        (['open', 'high', 'low', 'close', 'volume'] as const).find(
          (name) => !Number.isFinite(chunk[name][row]),
        ) ?? 'close';
      return rowProblem(
        'DATA_NUMBER',
        { file: intake.file, unit: 'row', line, column: intake.names[column] },
        String(chunk[column][row]),
        'a finite number',
      );
    }
  } finally {
    file.close();
  }
}

function detailsOf(
  row: number,
  text: (role: (typeof textRoles)[number]) => readonly string[] | undefined,
  number: (role: (typeof numberRoles)[number]) => Float64Array | undefined,
): ContractDetails {
  const right = text('optionType')?.[row]?.toUpperCase();
  const expiry = text('expiry')?.[row]?.slice(0, 10);
  const dated = expiry !== undefined && /^\d{4}-\d{2}-\d{2}$/.test(expiry);
  const kind = right === 'CE' || right === 'PE' ? right : dated ? 'FUT' : undefined;
  const lot = number('lot')?.[row] ?? Number.NaN;
  const strike = number('strike')?.[row] ?? Number.NaN;
  const underlying = text('underlying')?.[row];
  const exchange = text('exchange')?.[row];
  return {
    ...(kind ? { kind } : {}),
    ...(dated ? { expiry } : {}),
    ...(lot > 0 ? { lotSize: lot } : {}),
    ...(strike > 0 && kind !== 'FUT' ? { strike } : {}),
    ...(underlying ? { underlying: underlying.toUpperCase() } : {}),
    ...(exchange ? { exchange: exchange.toUpperCase() } : {}),
  };
}
