import { timingSafeEqual } from 'node:crypto';

/** Whether a header or a field says just that; the time it takes tells nothing of how much was right. */
export function sameText(said: string | readonly string[] | undefined, wanted: string): boolean {
  const one = Buffer.from(String(said ?? ''));
  const other = Buffer.from(wanted);
  return one.length === other.length && timingSafeEqual(one, other);
}
