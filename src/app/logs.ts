import { resolve } from 'node:path';
import { LogFiles } from '../adapters/system/log-files.ts';
import { durationMs } from '../domain/duration.ts';
import { isoInstant } from '../domain/time.ts';
import type { TimerClock } from '../engine/ports.ts';
import { type LogLevel, type LogRecord, levelOf } from '../reports/log-text.ts';
import type { Context } from './context.ts';

/** How often a log that is followed is looked at. */
const lookMs = 250;

export interface LogsRequest {
  /** Least severe line that is shown. */
  readonly level: LogLevel;
  /** `1h`, `30m`: how far back; all that is kept when left out. */
  readonly since?: string | undefined;
  readonly stream?: string | undefined;
  /** Command as it is typed; `sandbox` stands for all of its topic. */
  readonly command?: string | undefined;
  /** The newest so many of what is kept. */
  readonly last: number;
}

export interface LogPage {
  readonly file: string;
  readonly lines: readonly LogRecord[];
}

/**
 * Lines of the log and of its earlier files that were asked for, oldest first.
 *
 * @throws UsageError USAGE_DURATION
 */
export function logPage(context: Context, request: LogsRequest): LogPage {
  const { file, files } = logOf(context);
  return { file, lines: chosen(files.read().lines, wantedOf(context, request)).slice(-request.last) };
}

/** The same, and then every line that comes, across rotations, until `signal` says to stop. */
export async function followLog(
  context: Context & { readonly clock: TimerClock },
  request: LogsRequest,
  { show, signal }: { readonly show: (lines: readonly LogRecord[]) => void; readonly signal: AbortSignal },
): Promise<LogPage> {
  const { file, files } = logOf(context);
  const wanted = wantedOf(context, request);
  show(chosen(files.read().lines, wanted).slice(-request.last));
  while (!signal.aborted) {
    await pause(context.clock, signal);
    const { lines, lost } = files.read();
    if (lost) context.output.warn('The log was rotated faster than it was read: lines are missing here.');
    show(chosen(lines, wanted));
  }
  return { file, lines: [] };
}

function logOf({ folders, config }: Context): { readonly file: string; readonly files: LogFiles } {
  const file = resolve(folders.home, config.log.file);
  return { file, files: new LogFiles(file) };
}

type Wanted = (record: LogRecord) => boolean;

function wantedOf({ clock }: Context, { level, since, stream, command }: LogsRequest): Wanted {
  const least = levelOf(level);
  const from = since === undefined ? '' : isoInstant(clock.now() - durationMs(since));
  return (record) =>
    record.level >= least &&
    record.time >= from &&
    (stream === undefined || record.stream === stream) &&
    (command === undefined ||
      record.command === command ||
      record.command?.startsWith(`${command} `) === true);
}

/** A line that is not a record of ours was torn by a full disk, or written by somebody else, and is passed over. */
function chosen(lines: readonly string[], wanted: Wanted): readonly LogRecord[] {
  return lines.flatMap((line) => {
    const record = recordOf(line);
    return record && wanted(record) ? [record] : [];
  });
}

function recordOf(line: string): LogRecord | undefined {
  try {
    const record: unknown = JSON.parse(line);
    const { level, time, msg } = Object(record);
    return Number.isFinite(level) && typeof time === 'string' && typeof msg === 'string'
      ? (record as LogRecord)
      : undefined;
  } catch {
    return undefined;
  }
}

function pause(clock: TimerClock, signal: AbortSignal): Promise<void> {
  return new Promise((wake) => {
    const cancel = clock.at(clock.now() + lookMs, wake);
    signal.addEventListener('abort', () => [cancel(), wake()], { once: true });
  });
}
