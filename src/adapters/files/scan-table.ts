import { DataError } from '../../domain/errors.ts';
import type { InstrumentKind } from '../../domain/instrument.ts';
import { istDate, istOffsetMs, startOfDay } from '../../domain/time.ts';
import type { BarIntake, ContractDetails } from './bar-intake.ts';
import { type ContractFacts, rightOf } from './contract-rows.ts';
import { decimalIn } from './decimal.ts';
import type { RawSeries } from './raw-series.ts';
import { RowCutter } from './row-cutter.ts';
import { rowProblem } from './row-problem.ts';
import { StampReader } from './stamp.ts';
import { expectedStamp } from './stamp-words.ts';
import { noRows, type TablePlan } from './table-plan.ts';
import type { Zone } from './zone.ts';

/** Begins the remark at the end of a file. */
const asterisk = 42;

/** Reads every row of a text table into the intake, a few million rows a second. @throws DataError at the first bad row */
export function scanTable(
  bytes: Uint8Array,
  plan: TablePlan,
  zone: Zone,
  wanted: (symbol: string) => boolean,
  intake: BarIntake,
  facts?: ContractFacts,
): void {
  const { columns, headers, series: seriesKept, day, naming } = plan;
  const { symbol = -1, clock = -1, series = -1, lot = -1 } = columns;
  const { time = -1, open = -1, high = -1, low = -1, close = -1 } = columns;
  const volume = columns.volume ?? columns.contracts ?? -1;
  const interest = columns.oi ?? columns.oiLots ?? -1;
  const interestInLots = columns.oi === undefined && columns.oiLots !== undefined;
  const width = headers.length;
  intake.names = {
    open: headers[open],
    high: headers[high],
    low: headers[low],
    close: headers[close],
    volume: headers[volume] ?? 'volume',
    openInterest: headers[interest] ?? 'oi',
  };
  const stamps = new StampReader(zone, plan.order);
  const cutter = new RowCutter(intake.file, bytes, plan.delimiter);
  const { starts, ends } = cutter;
  const expiries = new StampReader(zone, plan.order);
  for (let row = 0; row < plan.headerRows; row++) cutter.next();
  const subject = naming ? (columns.underlying ?? -1) : symbol;
  let target: RawSeries | undefined = subject < 0 ? intake.seriesOf(plan.symbol ?? '') : undefined;
  let lotSize = 1;
  let lastSymbol = new Uint8Array(0);
  let unwanted = false;
  let rows = 0;
  if (day !== undefined) {
    stamps.instant = startOfDay(day);
    stamps.offset = istOffsetMs;
  }

  while (cutter.next()) {
    // The files of the report bundle end in a remark.
    if (naming && bytes[starts[0]] === asterisk) continue;
    rows++;
    if (cutter.count !== width && !onlyBlanksBeyond(width)) {
      intake.bad(columnsProblem());
      continue;
    }
    if (series >= 0 && seriesKept && !seriesKept.has(cutter.text(series).toUpperCase())) {
      intake.skip(`series other than ${[...seriesKept].join(', ')}`, cutter.line);
      continue;
    }
    if (subject >= 0 && !sameSymbol()) nextSymbol();
    if (target === undefined) {
      if (unwanted) intake.skip('other symbols', cutter.line);
      continue;
    }
    if (cutter.blank(open) && cutter.blank(high) && cutter.blank(low)) {
      intake.skip('without prices', cutter.line);
      continue;
    }
    const o = decimalIn(bytes, starts[open], ends[open]);
    const h = decimalIn(bytes, starts[high], ends[high]);
    const l = decimalIn(bytes, starts[low], ends[low]);
    const c = decimalIn(bytes, starts[close], ends[close]);
    const v = volume < 0 || cutter.blank(volume) ? 0 : decimalIn(bytes, starts[volume], ends[volume]);
    if (plan.zeroIsUntraded && o === 0 && h === 0 && l === 0) {
      intake.skip('contracts that did not trade', cutter.line);
      continue;
    }
    const problem =
      day !== undefined
        ? undefined
        : clock < 0
          ? stamps.read(bytes, starts[time], ends[time])
          : stamps.read(bytes, starts[time], ends[time], starts[clock], ends[clock]);
    if (problem) {
      if (problem === 'ambiguous' && settleOrder()) {
        stamps.read(
          bytes,
          starts[time],
          ends[time],
          clock < 0 ? -1 : starts[clock],
          clock < 0 ? -1 : ends[clock],
        );
      } else {
        intake.bad(stampProblem(problem));
        continue;
      }
    }
    const told = interest >= 0 && !cutter.blank(interest);
    const oi = told ? decimalIn(bytes, starts[interest], ends[interest]) : 0;
    // A sum is NaN exactly when one of its parts is: one test in place of six.
    if (Number.isNaN(o + h + l + c + v + oi)) {
      intake.bad(numberProblem());
      continue;
    }
    if (stamps.clocked) intake.clocked = true;
    const units = told ? oi * (interestInLots ? lotSize : 1) : Number.NaN;
    intake.add(target, cutter.line, stamps.instant, stamps.offset, o, h, l, c, v * lotSize, units);
  }
  intake.rowsRead += rows;
  if (rows === 0) throw noRows(intake.file);

  function onlyBlanksBeyond(from: number): boolean {
    if (cutter.count < from) return false;
    for (let column = from; column < cutter.count; column++) if (ends[column] > starts[column]) return false;
    return true;
  }

  function sameSymbol(): boolean {
    const from = starts[symbol];
    const length = ends[symbol] - from;
    // Contracts may change their lot between two rows, so each row is looked at anew.
    if (plan.contracts || length === 0 || length !== lastSymbol.length) return false;
    for (let i = 0; i < length; i++) if (bytes[from + i] !== lastSymbol[i]) return false;
    return true;
  }

  function nextSymbol(): void {
    lastSymbol = bytes.slice(starts[subject], ends[subject]);
    const word = cutter.text(subject).trim();
    target = undefined;
    unwanted = false;
    if (word === '') intake.bad(rowProblem('DATA_SYMBOL', place(subject), '', 'a symbol'));
    const garbled = word.includes('\ufffd');
    if (garbled) intake.bad(rowProblem('DATA_ENCODING', place(subject), word, 'a symbol in UTF-8'));
    if (word === '' || garbled) return;
    const details = plan.contracts ? contractOf(word) : undefined;
    if (plan.contracts && details === undefined) return;
    const name =
      details && naming ? composed(details) : plan.codes ? (facts?.shareOfCode('BSE', word) ?? word) : word;
    unwanted = !wanted(name);
    if (unwanted) return;
    if (details) intake.details.set(name, details);
    if (plan.volumeInLots) {
      lotSize = details?.lotSize ?? 1;
      if (details?.lotSize === undefined) intake.lotVolumes.add(details?.underlying ?? name);
    }
    target = intake.seriesOf(name);
  }

  function composed({ kind, underlying = '', expiry = '', strike }: ContractDetails): string {
    const terms = { kind: kind === 'CE' || kind === 'PE' ? kind : 'FUT', underlying, expiry } as const;
    return naming?.(strike === undefined ? terms : { ...terms, strike }) ?? '';
  }

  function contractOf(name: string): ContractDetails | undefined {
    const { expiry = -1, strike = -1, optionType = -1, underlying = -1, exchange = -1 } = columns;
    const right = optionType < 0 ? 'FUT' : rightOf(cutter.text(optionType));
    const dated = expiry >= 0 && !cutter.blank(expiry);
    const kind: InstrumentKind | undefined = right !== 'FUT' ? right : dated ? 'FUT' : undefined;
    if ((dated || naming) && expiries.read(bytes, starts[expiry], ends[expiry])) {
      intake.bad(rowProblem('DATA_TIME', place(expiry), cutter.text(expiry), `the expiry date of ${name}`));
      return undefined;
    }
    const size = lotOf();
    if (size !== undefined && !(Number.isInteger(size) && size > 0)) {
      intake.bad(
        rowProblem(
          'DATA_NUMBER',
          place(lot),
          cutter.text(lot),
          `the lot size of ${name}, a whole number above 0`,
        ),
      );
      return undefined;
    }
    const price = right !== 'FUT' ? decimalIn(bytes, starts[strike], ends[strike]) : undefined;
    if (price !== undefined && !(price > 0)) {
      intake.bad(
        rowProblem(
          'DATA_NUMBER',
          place(strike),
          cutter.text(strike),
          `the strike of ${name}, a number above 0`,
        ),
      );
      return undefined;
    }
    const day = dated ? istDate(expiries.instant + expiries.offset - istOffsetMs) : undefined;
    const root = underlying >= 0 ? cutter.text(underlying).trim().toUpperCase() : undefined;
    const listed = size ?? lotInTables(root, day, right, price);
    return {
      ...(kind ? { kind } : {}),
      ...(day === undefined ? {} : { expiry: day }),
      ...(price === undefined ? {} : { strike: price }),
      ...(listed === undefined ? {} : { lotSize: listed }),
      ...(root === undefined ? {} : { underlying: root }),
      ...(exchange >= 0 ? { exchange: cutter.text(exchange).toUpperCase() } : {}),
    };
  }

  /** Units in a lot as the row tells it; undefined when it does not. */
  function lotOf(): number | undefined {
    if (lot >= 0 && !cutter.blank(lot)) return decimalIn(bytes, starts[lot], ends[lot]);
    const { volume: units = -1, contracts: lots = -1 } = columns;
    if (!naming || units < 0 || lots < 0) return undefined;
    const share = decimalIn(bytes, starts[units], ends[units]) / decimalIn(bytes, starts[lots], ends[lots]);
    return Number.isInteger(share) && share > 0 ? share : undefined;
  }

  function lotInTables(
    underlying: string | undefined,
    expiry: string | undefined,
    kind: 'CE' | 'PE' | 'FUT',
    strike: number | undefined,
  ): number | undefined {
    if (underlying === undefined || expiry === undefined || plan.exchange === undefined) return undefined;
    const terms = { kind, underlying, expiry };
    return facts?.lotSize(plan.exchange, strike === undefined ? terms : { ...terms, strike });
  }

  /** One date with a day above 12 settles how all dates of the file are written. */
  function settleOrder(): boolean {
    const ahead = new RowCutter(intake.file, bytes, plan.delimiter);
    const probe = new StampReader(zone);
    for (let row = 0; row < plan.headerRows; row++) ahead.next();
    while (ahead.next()) {
      if (ahead.count <= time || ahead.blank(time)) continue;
      const seen = /^(\d{1,2})\D(\d{1,2})\D\d{4}/.exec(ahead.text(time));
      if (!seen || probe.read(bytes, ahead.starts[time], ahead.ends[time]) === 'ambiguous') continue;
      if (Number(seen[1]) > 12 && Number(seen[2]) <= 12) stamps.order = 'dmy';
      else if (Number(seen[2]) > 12 && Number(seen[1]) <= 12) stamps.order = 'mdy';
      else continue;
      return true;
    }
    return false;
  }

  function place(column: number) {
    return { file: intake.file, unit: intake.unit, line: cutter.line, column: headers[column] };
  }

  function stampProblem(problem: NonNullable<ReturnType<StampReader['read']>>): DataError {
    const text = cutter.text(time) + (clock < 0 ? '' : ` ${cutter.text(clock)}`);
    return expectedStamp(problem, place(time), text, zone.name);
  }

  function numberProblem(): DataError {
    for (const column of [open, high, low, close, volume, interest]) {
      if (
        column >= 0 &&
        Number.isNaN(decimalIn(bytes, starts[column], ends[column])) &&
        !((column === volume || column === interest) && cutter.blank(column))
      ) {
        return rowProblem('DATA_NUMBER', place(column), cutter.text(column), 'a number such as 1234.50');
      }
    }
    return rowProblem('DATA_NUMBER', place(lot), cutter.text(lot), 'a number');
  }

  function columnsProblem(): DataError {
    const torn = cutter.at >= bytes.length && cutter.count < width ? ' The last line looks cut off.' : '';
    return new DataError(
      'DATA_COLUMNS',
      `${intake.file} line ${cutter.line} has ${cutter.count} columns; expected ${width} (${headers.join(', ')}).${torn}`,
      'Correct or export the file again, or leave bad rows out with --skip-bad-rows.',
    );
  }
}
