import { UsageError } from '../domain/errors.ts';
import { dayNumberOf, type Interval, startOfDay } from '../domain/time.ts';

/** `--from` and `--to` as instants, both days included; open ends are infinite. @throws UsageError */
export function spanOf({
  from,
  to,
}: {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}): Interval {
  const span = {
    from: from === undefined ? Number.NEGATIVE_INFINITY : startOfDay(dayNumberOf(from)),
    to: to === undefined ? Number.POSITIVE_INFINITY : startOfDay(dayNumberOf(to) + 1),
  };
  if (span.from < span.to) return span;
  throw new UsageError('USAGE_SPAN', `--from ${from} is after --to ${to}.`, 'Exchange the two.');
}
