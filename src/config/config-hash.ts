import { createHash } from 'node:crypto';
import type { Config } from './schema.ts';

/** What a run depends on, as sha256 in hex: every setting but the paths of this machine, what is logged and kept, and how an order leaves or a day is planned. */
export function configHash(config: Config): string {
  const {
    data: _paths,
    log: _log,
    runs: _kept,
    doctor: _asked,
    orders: _sent,
    day: _planned,
    strategies,
    ...decisive
  } = config;
  // Without rules for strategies a run is the one it was before there could be any.
  const all = Object.keys(strategies).length > 0 ? { ...decisive, strategies } : decisive;
  return createHash('sha256').update(canonical(all)).digest('hex');
}

/** JSON with sorted keys, so that the order of a YAML file does not matter. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const entries = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1));
  return `{${entries.map(([key, inner]) => `${JSON.stringify(key)}:${canonical(inner)}`).join(',')}}`;
}
