import { DataError } from '../../domain/errors.ts';
import { type Place, placeText, quoted, rowProblem } from './row-problem.ts';
import type { StampProblem } from './stamp.ts';

/** Says in words why a stamp could not be read and what would have been. */
export function expectedStamp(problem: StampProblem, place: Place, text: string, zone: string): DataError {
  switch (problem) {
    case 'ambiguous':
      return new DataError(
        'DATA_DATE_AMBIGUOUS',
        `${placeText(place)}: ${quoted(text)} may be ${bothReadings(text)}, and no date of the file settles it.`,
        'Say how dates are written: --date-format DD-MM-YYYY or --date-format MM-DD-YYYY.',
      );
    case 'shape':
      return rowProblem(
        'DATA_TIME',
        place,
        text,
        'a date or a date with a time, such as 2024-01-31 or 2024-01-31 09:15',
      );
    case 'no-such-day':
      return rowProblem(
        'DATA_TIME',
        place,
        text,
        'a day that exists (if day and month are the other way round, use --date-format)',
      );
    case 'no-such-time':
      return rowProblem('DATA_TIME', place, text, 'a time of day from 00:00 to 23:59');
    case 'skipped-by-clocks':
      return rowProblem(
        'DATA_TIME',
        place,
        text,
        `a time that exists in ${zone}, whose clocks skipped this one`,
      );
    case 'shown-twice':
      return rowProblem(
        'DATA_TIME',
        place,
        text,
        `a time with its zone, because clocks in ${zone} showed this one twice`,
      );
    default:
      return problem satisfies never;
  }
}

const monthNames = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];

function bothReadings(text: string): string {
  const [, first, second, year] = /^(\d{1,2})\D+(\d{1,2})\D+(\d{1,4})/.exec(text) ?? [];
  const name = (month: string | undefined) => monthNames[Number(month) - 1];
  return `${Number(first)} ${name(second)} ${year} or ${Number(second)} ${name(first)} ${year}`;
}
