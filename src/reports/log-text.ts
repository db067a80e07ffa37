/** One line of the log: what happened as `msg`, its details as further fields. */
export interface LogRecord {
  /** Pino's number. */
  readonly level: number;
  /** ISO-8601 with India's offset. */
  readonly time: string;
  readonly msg: string;
  readonly command?: string;
  readonly stream?: string;
  readonly [field: string]: unknown;
}

export const logLevels = ['debug', 'info', 'warn', 'error'] as const;
export type LogLevel = (typeof logLevels)[number];

const numbers: Readonly<Record<LogLevel, number>> = { debug: 20, info: 30, warn: 40, error: 50 };

export function levelOf(name: LogLevel): number {
  return numbers[name];
}

/** Fields that every line shows in its own place, or that nobody reads. */
const placed = new Set(['level', 'time', 'msg', 'pid', 'command', 'stream']);

/** `2026-10-06 09:15:00 INFO  paper fno: what happened  field=value`. */
export function logLine(record: LogRecord): string {
  const { time, msg, command, stream } = record;
  const name = logLevels.findLast((each) => record.level >= numbers[each]) ?? 'debug';
  const who = [command, stream].filter((word) => word !== undefined).join(' ');
  const fields = Object.entries(record)
    .filter(([field]) => !placed.has(field))
    .map(([field, value]) => `${field}=${typeof value === 'string' ? value : JSON.stringify(value)}`);
  const what = [who === '' ? msg : `${who}: ${msg}`, ...fields].join('  ');
  return `${time.slice(0, 19).replace('T', ' ')} ${name.toUpperCase().padEnd(5)} ${what}`;
}
