import { type EpochMs, istOffsetMs } from './time.ts';

/** `2026-04-01 09:15:00`, India time: how Kite writes instants. */
export function kiteTime(time: EpochMs): string {
  return new Date(time + istOffsetMs).toISOString().slice(0, 19).replace('T', ' ');
}

/** `2026-04-01T09:15:00+0530`: how it stamps candles. */
export function candleTime(time: EpochMs): string {
  return `${new Date(time + istOffsetMs).toISOString().slice(0, 19)}+0530`;
}

/** Reads `2026-04-01 09:15:00`, `2026-04-01 09:15`, `2026-04-01`, also with a T and a zone; undefined for anything else. */
export function readKiteTime(text: string): EpochMs | undefined {
  const match =
    /^(\d{4})-(\d{2})-(\d{2})(?:[ T+](\d{2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?)?(?:Z|[+-]\d{2}:?\d{2})?$/.exec(
      text.trim(),
    );
  if (!match) return undefined;
  const [, year, month, day, hour = '00', minute = '00', second = '00'] = match;
  const written = `${year}-${month}-${day}T${hour}:${minute}:${second}`;
  const time = Date.parse(`${written}Z`);
  // A 31st of June rolls over, and is refused.
  if (Number.isNaN(time) || new Date(time).toISOString().slice(0, 19) !== written) return undefined;
  return time - istOffsetMs;
}
