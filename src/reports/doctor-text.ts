import { dim, type Screen, wrapped } from './screen.ts';

/** One thing that was looked at. */
export interface DoctorCheck {
  /** `disk`, `clock`, `calendar NSE`. */
  readonly name: string;
  readonly state: 'pass' | 'warn' | 'fail';
  /** What was found, with its value. */
  readonly found: string;
  /** What to do; null when nothing needs doing. */
  readonly advice: string | null;
}

/** A setting in force and where it was set. */
export interface DoctorSetting {
  readonly key: string;
  readonly value: unknown;
  readonly origin: string;
  /** Its value is what the program does when nobody has asked for anything. */
  readonly usual: boolean;
}

export interface DoctorPage {
  readonly healthy: boolean;
  readonly checks: readonly DoctorCheck[];
  /** Every setting in force. */
  readonly settings: readonly DoctorSetting[];
}

const gap = 2;

/** Checks line by line, what to do below each that needs it, then what was set otherwise than shipped, then the count. */
export function doctorText({ checks, settings }: DoctorPage, screen: Screen): string {
  const own = settings.filter(({ usual }) => !usual);
  const width = Math.max(...checks.map(({ name }) => name.length)) + gap;
  const indent = 4 + gap + width;
  const lines = checks.flatMap(({ name, state, found, advice }) => {
    const text = wrapped(found, screen.width - indent).map(
      (line, at) =>
        (at === 0 ? `${state}${' '.repeat(gap)}${name.padEnd(width)}` : ' '.repeat(indent)) + line,
    );
    const what = advice === null ? [] : wrapped(`→ ${advice}`, screen.width - indent);
    return [...text, ...what.map((line) => ' '.repeat(indent) + line)];
  });
  const set = own.map(({ key, value, origin }) => `  ${key} = ${JSON.stringify(value)}, from ${origin}`);
  const settingsHead =
    own.length === 0
      ? `Settings: all ${settings.length} at their defaults.`
      : `Settings: ${own.length} of ${settings.length} are not at their defaults:`;
  const count = (state: DoctorCheck['state']) => checks.filter((check) => check.state === state).length;
  return [
    lines.join('\n'),
    [settingsHead, ...set, dim('algo config show prints them all.', screen)].join('\n'),
    `${count('pass')} passed, ${count('warn')} to look at, ${count('fail')} failed.`,
  ].join('\n\n');
}
