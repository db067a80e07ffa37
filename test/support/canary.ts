import { type Dirent, existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A secret as a request, a header, a log or a dump may write it. */
export function formsOf(secret: string): readonly string[] {
  const base64 = Buffer.from(secret).toString('base64').replace(/=+$/, '');
  return [secret, encodeURIComponent(secret), Buffer.from(secret).toString('hex'), base64.slice(0, -1)];
}

/** Which of the named secrets stand in the bytes, by name and form. */
export function secretsIn(bytes: Buffer, secrets: Readonly<Record<string, string>>): readonly string[] {
  return Object.entries(secrets).flatMap(([name, secret]) =>
    formsOf(secret).flatMap((form, at) => (bytes.includes(form) ? [`${name} (form ${at})`] : [])),
  );
}

/** Every file below a folder. */
export function filesBelow(folder: string): readonly string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry: Dirent) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

/** Whether this system shows what processes were started with. */
export const showsProcesses = existsSync('/proc/self/environ');

/** Command lines and environments of a process and of all that it started, as the system shows them. */
export function shownOf(pid: number): string {
  const read = (file: string): string => {
    try {
      return readFileSync(`/proc/${pid}/${file}`, 'latin1').replaceAll('\0', '\n');
    } catch {
      // It has ended meanwhile.
      return '';
    }
  };
  const children = read(`task/${pid}/children`).split(' ').filter(Boolean).map(Number);
  return [read('cmdline'), read('environ'), ...children.map(shownOf)].join('\n');
}
