import { UsageError } from '../../domain/errors.ts';

/** In which order a date of three numbers is written; `epoch` and `epoch-ms` count from 1970 in UTC. */
export type DateOrder = 'ymd' | 'dmy' | 'mdy' | 'epoch' | 'epoch-ms';

/**
 * Reads `DD-MM-YYYY`, `M/D/YYYY`, `YYYYMMDD`, `DD-MON-YYYY HH:mm`, `%d/%m/%Y`, `epoch`, `epoch-ms`. Only the order
 * matters: separators, leading zeros and a time of day after the date are read as they come.
 *
 * @throws UsageError USAGE_DATE_FORMAT
 */
export function parseDateOrder(text: string): DateOrder {
  const word = text.trim().toLowerCase();
  if (word === 'epoch' || word === 'epoch-s') return 'epoch';
  if (word === 'epoch-ms') return 'epoch-ms';
  const date = word
    .replace(/%y/g, 'yyyy')
    .replace(/%[mb]/g, 'mm')
    .replace(/%d/g, 'dd')
    .replace(/[t ]+(hh?|%h).*$/, '');
  const match =
    /^(?:(y{4}|yy)([-/. ]?)(m{1,3}|mon)\2(d{1,2})|(d{1,2})([-/. ]?)(m{1,3}|mon)\6(y{4}|yy)|(m{1,3}|mon)([-/. ]?)(d{1,2})\10(y{4}|yy))$/.exec(
      date,
    );
  if (match?.[1]) return 'ymd';
  if (match?.[5]) return 'dmy';
  if (match?.[9]) return 'mdy';
  throw new UsageError(
    'USAGE_DATE_FORMAT',
    `"${text}" is not a date format.`,
    'Use one of YYYY-MM-DD, DD-MM-YYYY, M/D/YYYY, YYYYMMDD, DD-MON-YYYY, epoch, epoch-ms.',
  );
}
