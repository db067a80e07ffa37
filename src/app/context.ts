import type { Config } from '../config/schema.ts';
import type { Clock } from '../engine/ports.ts';

/** Where things are, all absolute. `root` is the installed package (shipped rules, strategies, configs); `home` is the user's. */
export interface Folders {
  readonly root: string;
  readonly home: string;
  /** Produced at run time: history, runs, cache. Below home, ignored by git. */
  readonly data: string;
  readonly cache: string;
}

/** A bar on a terminal, plain lines elsewhere; always on stderr. */
export interface Progress {
  step(done: number, detail?: string): void;
  done(summary?: string): void;
}

/** What a person is told while work goes on. Results never go here. */
export interface Output {
  progress(label: string, total: number): Progress;
  /** One line on stderr, and one in the log. */
  warn(message: string): void;
  /** One line on stderr, silent under --quiet and --json. */
  note(message: string): void;
}

/** One JSON line per call in the log file; secrets are taken out. Never throws. */
export interface Log {
  error(details: object, message: string): void;
  warn(details: object, message: string): void;
  info(details: object, message: string): void;
  debug(details: object, message: string): void;
  /** Writes what has been said so far. */
  flush(): Promise<void>;
}

/** The files that settings came from, for whoever runs long enough to see them change. */
export interface SettingsSource {
  /** Where they may lie, whether they exist or not. */
  readonly paths: readonly string[];
  /** The settings as the files, variables and flags say now. @throws ConfigError with every problem */
  reload(): Promise<Config>;
}

/** Everything an app function may rely on. Commands build it; tests build it by hand. */
export interface Context {
  readonly folders: Folders;
  readonly config: Config;
  readonly output: Output;
  readonly clock: Clock;
  /** Nothing is opened before the first line. */
  readonly log: Log;
  /** Absent where settings were made by hand. */
  readonly source?: SettingsSource | undefined;
}
