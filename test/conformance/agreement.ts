/*
 * Where two readings of one reply differ. Ours turns Kite's times into instants of India, absent values into null, 0 or an
 * empty list; the official client makes `Date`s in the zone of the computer, which its own test lists as its fault.
 */

/** `0.price: 72 and 73`, one line for each difference of the values that both keep. */
export function disagreements(ours: unknown, official: unknown, at = ''): readonly string[] {
  if (official instanceof Date) return ours === inIndia(official) ? [] : [`${at}: ${ours} and ${official}`];
  if (isAbsent(official)) return isAbsent(ours) || isEmpty(ours) ? [] : [`${at}: ${ours} and nothing`];
  if (typeof official === 'object' && official !== null) {
    // Ours keeps what the program uses and leaves the rest out.
    const kept = Object.entries(official).filter(([name]) => has(ours, name));
    if (kept.length === 0 && Object.keys(official).length > 0) return [`${at}: nothing in common`];
    return kept.flatMap(([name, value]) =>
      disagreements(fieldOf(ours, name), value, at === '' ? name : `${at}.${name}`),
    );
  }
  if (typeof official === 'string' && typeof ours === 'number')
    return ours === Date.parse(`${official.replace(' ', 'T')}+05:30`)
      ? []
      : [`${at}: ${ours} and ${official}`];
  return ours === official ? [] : [`${at}: ${ours} and ${official}`];
}

function fieldOf(value: unknown, name: string): unknown {
  return value instanceof Map ? value.get(name) : Reflect.get(Object(value), name);
}

function has(value: unknown, name: string): boolean {
  return value instanceof Map ? value.has(name) : Reflect.has(Object(value), name);
}

function isAbsent(value: unknown): boolean {
  return value === null || value === undefined || value === '';
}

function isEmpty(value: unknown): boolean {
  return value === 0 || (Array.isArray(value) && value.length === 0);
}

/** The instant that the same clock face shows in India. */
function inIndia(date: Date): number {
  const face = Date.UTC(
    date.getFullYear(),
    date.getMonth(),
    date.getDate(),
    date.getHours(),
    date.getMinutes(),
    date.getSeconds(),
  );
  return face - 19_800_000;
}
