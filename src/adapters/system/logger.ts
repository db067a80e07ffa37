import { appendFileSync, closeSync, mkdirSync, openSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { pino } from 'pino';
import { codeOf } from '../../domain/errors.ts';
import { istOffsetMs } from '../../domain/time.ts';
import { plainRecord } from './plain-record.ts';
import { ownSecrets, type Redactor } from './redact.ts';
import { systemClock } from './system-clock.ts';

export interface LogOptions {
  /** Absolute path; its folder is made with the first line. */
  readonly file: string;
  readonly level: 'silent' | 'error' | 'warn' | 'info' | 'debug' | 'trace';
  /** The secrets of this process when not given; tokens are also recognised by their form. */
  readonly redact?: Redactor;
  /** Bytes after which the file starts afresh; 5 MB when not given. */
  readonly bytesMax?: number;
  /** Earlier files that stay; 2 when not given. */
  readonly keep?: number;
}

/** One line of JSON per call: what happened as `msg`, its details as fields. */
export interface Log {
  error(details: object, message: string): void;
  warn(details: object, message: string): void;
  info(details: object, message: string): void;
  debug(details: object, message: string): void;
}

/** About 25,000 commands a file. */
const defaultBytesMax = 5_000_000;
const earlierFiles = 2;
/** A rotation takes some milliseconds; a lock that is older was left by a process that died. */
const lockMsMax = 10_000;

/**
 * Opens the log file, which is made with its first line. Secrets are taken out here, at the last place before the disk, whatever
 * the caller passes: nobody has to remember it. Lines are written at once and whole, so a crash loses none and processes may
 * share the file.
 *
 * @throws the file system's own error when a line cannot be written
 */
export function openLog({
  file,
  level,
  redact = ownSecrets,
  bytesMax = defaultBytesMax,
  keep = earlierFiles,
}: LogOptions): Log {
  const isFull = (more: number) => (statSync(file, { throwIfNoEntry: false })?.size ?? 0) + more > bytesMax;
  const write = (line: string): void => {
    if (isFull(line.length)) alone(`${file}.lock`, () => isFull(line.length) && rotate(file, keep));
    try {
      appendFileSync(file, line);
    } catch (error) {
      if (codeOf(error) !== 'ENOENT') throw error;
      mkdirSync(dirname(file), { recursive: true });
      appendFileSync(file, line);
    }
  };
  const sink = pino(
    {
      level,
      base: { pid: process.pid },
      // Errors arrive here as plain records already; pino's own idea of them would drop their cause.
      serializers: { err: (record) => record },
      timestamp: () => `,"time":"${istStamp()}"`,
    },
    { write },
  );
  const line = (name: 'error' | 'warn' | 'info' | 'debug') => (details: object, message: string) => {
    if (!sink.isLevelEnabled(name)) return;
    const fields = plainRecord(details, redact);
    sink[name](
      typeof fields === 'object' && fields !== null ? fields : { details: fields },
      redact.text(message),
    );
  };
  return { error: line('error'), warn: line('warn'), info: line('info'), debug: line('debug') };
}

/** Two processes that find the file full would rotate it twice, and the second would move the fresh one over what was just kept. */
function alone(lock: string, work: () => void): void {
  try {
    const { mtimeMs } = statSync(lock, { throwIfNoEntry: false }) ?? {};
    if (mtimeMs !== undefined && systemClock.now() - mtimeMs > lockMsMax) rmSync(lock, { force: true });
    closeSync(openSync(lock, 'wx'));
  } catch (error) {
    // Another process rotates, or the folder is not there yet.
    if (codeOf(error) === 'EEXIST' || codeOf(error) === 'ENOENT') return;
    throw error;
  }
  try {
    work();
  } finally {
    rmSync(lock, { force: true });
  }
}

/** `algo.log` becomes `algo.log.1`, that becomes `.2`, and the last one goes. */
function rotate(file: string, keep: number): void {
  const nameOf = (age: number) => (age === 0 ? file : `${file}.${age}`);
  for (let age = keep - 1; age >= 0; age--) {
    try {
      renameSync(nameOf(age), nameOf(age + 1));
    } catch (error) {
      // Not there yet.
      if (codeOf(error) !== 'ENOENT') throw error;
    }
  }
}

function istStamp(): string {
  return new Date(systemClock.now() + istOffsetMs).toISOString().replace('Z', '+05:30');
}
