import { resolve } from 'node:path';
import type { Config } from '../config/schema.ts';
import type { Folders, Log } from './context.ts';

type Severity = 'error' | 'warn' | 'info' | 'debug';
const severities = ['trace', 'debug', 'info', 'warn', 'error', 'silent'];

/**
 * The log that the configuration names. Lines wait until `flush`, since loading the library costs a command a third of its
 * start; a command without a line never loads it. A line that cannot be written is lost: a disk that is full or may not be
 * written to must not stop the command that wanted to say so.
 */
export function commandLog(folders: Folders, { log }: Config): Log {
  const waiting: (readonly [Severity, object, string])[] = [];
  const line = (severity: Severity) => (details: object, message: string) => {
    if (severities.indexOf(severity) >= severities.indexOf(log.level))
      waiting.push([severity, details, message]);
  };

  async function flush(): Promise<void> {
    if (waiting.length === 0) return;
    const { openLog } = await import('../adapters/system/logger.ts');
    const file = openLog({
      file: resolve(folders.home, log.file),
      level: log.level,
      bytesMax: log.megabytes * 1_000_000,
      keep: log.keep,
    });
    for (const [severity, details, message] of waiting.splice(0)) {
      try {
        file[severity](details, message);
      } catch {
        // See above.
      }
    }
  }

  return { error: line('error'), warn: line('warn'), info: line('info'), debug: line('debug'), flush };
}
