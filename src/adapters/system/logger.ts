import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { destination, type Level, pino } from 'pino';
import { istOffsetMs } from '../../domain/time.ts';
import { plainRecord } from './plain-record.ts';
import { type Redactor, redactor } from './redact.ts';
import { systemClock } from './system-clock.ts';

export interface LogOptions {
  /** Absolute path; its folder is made when missing. */
  readonly file: string;
  readonly level: Level | 'silent';
  /** Secrets of this process; a log without any still recognises tokens by their form. */
  readonly redact?: Redactor;
}

/** One line of JSON per call: what happened as `msg`, its details as fields. */
export interface Log {
  error(details: object, message: string): void;
  warn(details: object, message: string): void;
  info(details: object, message: string): void;
  debug(details: object, message: string): void;
}

/**
 * Opens the log file. Secrets are taken out here, at the last place before the disk, whatever the caller passes:
 * nobody has to remember it. Lines are written at once, so a crash loses none.
 */
export function openLog({ file, level, redact = redactor() }: LogOptions): Log {
  mkdirSync(dirname(file), { recursive: true });
  const sink = pino(
    {
      level,
      base: { pid: process.pid },
      // Errors arrive here as plain records already; pino's own idea of them would drop their cause.
      serializers: { err: (record) => record },
      timestamp: () => `,"time":"${istStamp()}"`,
    },
    destination({ dest: file, sync: true, mkdir: false }),
  );
  const line = (name: Level) => (details: object, message: string) => {
    const fields = plainRecord(details, redact);
    sink[name](
      typeof fields === 'object' && fields !== null ? fields : { details: fields },
      redact.text(message),
    );
  };
  return { error: line('error'), warn: line('warn'), info: line('info'), debug: line('debug') };
}

function istStamp(): string {
  return new Date(systemClock.now() + istOffsetMs).toISOString().replace('Z', '+05:30');
}
