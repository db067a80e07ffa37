import { types } from 'node:util';
import { isSecretKey, mask, type Redactor } from './redact.ts';

const depthMax = 8;
const entriesMax = 200;
const textMax = 20_000;

/**
 * Anything as plain JSON data without secrets: Errors with their cause and what libraries hang on them, Maps, Buffers,
 * cycles and getters that throw. Never throws, because it runs while something else has already gone wrong.
 */
export function plainRecord(value: unknown, redact: Redactor): unknown {
  const seen = new Set<object>();
  const plain = (item: unknown, depth: number): unknown => {
    if (typeof item === 'string') return redact.text(item).slice(0, textMax);
    if (typeof item === 'bigint' || typeof item === 'symbol') return redact.text(String(item));
    if (typeof item === 'function') return '[function]';
    if (typeof item !== 'object' || item === null) return item;
    if (seen.has(item)) return '[circular]';
    if (depth > depthMax) return '[deeper]';
    seen.add(item);
    const result = inner(item, depth);
    seen.delete(item);
    return result;
  };
  const inner = (item: object, depth: number): unknown => {
    if (types.isDate(item)) return Number.isNaN(item.getTime()) ? 'Invalid Date' : item.toISOString();
    if (item instanceof URL || types.isRegExp(item)) return redact.text(String(item));
    if (ArrayBuffer.isView(item)) return `[${item.byteLength} bytes]`;
    if (Array.isArray(item)) return item.slice(0, entriesMax).map((entry) => plain(entry, depth + 1));
    if (types.isMap(item))
      return pairs(
        [...item].map(([key, entry]) => [String(key), entry]),
        depth,
      );
    if (types.isSet(item)) return [...item].slice(0, entriesMax).map((entry) => plain(entry, depth + 1));
    return pairs(entriesOf(item), depth);
  };
  const pairs = (entries: readonly (readonly [string, unknown])[], depth: number): unknown =>
    Object.fromEntries(
      entries
        .slice(0, entriesMax)
        .map(([key, entry]) => [
          redact.text(key),
          isSecretKey(key) && entry !== undefined ? mask : plain(entry, depth + 1),
        ]),
    );
  return plain(value, 0);
}

/** Own fields, and of an Error also the ones that JSON would leave out. */
function entriesOf(item: object): [string, unknown][] {
  const names =
    types.isNativeError(item) || 'stack' in item ? ['name', 'message', 'stack', 'cause', 'errors'] : [];
  const own = Object.keys(item);
  return [...new Set([...names, ...own])].flatMap((name) => {
    try {
      const value: unknown = Reflect.get(item, name);
      return value === undefined ? [] : [[name, value] as [string, unknown]];
    } catch {
      // A getter that throws has nothing to tell.
      return [[name, '[unreadable]'] as [string, unknown]];
    }
  });
}
