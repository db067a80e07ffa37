import { watchFiles } from '../adapters/system/watch-files.ts';
import { configHash } from '../config/config-hash.ts';
import type { Config } from '../config/schema.ts';
import { messageOf } from '../domain/errors.ts';
import type { RiskLimits } from '../engine/risk/limits.ts';
import { looserLimits } from '../engine/risk/looser.ts';
import type { Context } from './context.ts';
import { effectiveConfig } from './effective-config.ts';
import type { SessionPlayer } from './session-player.ts';

export interface ReloadParts {
  readonly context: Pick<Context, 'config' | 'source' | 'output'>;
  readonly player: SessionPlayer;
  /** Real money: no limit may allow more than before. */
  readonly tightenOnly: boolean;
  /** What has to be limited whatever the settings leave open. */
  readonly limits: (limits: RiskLimits) => RiskLimits;
  /** What identifies the session under settings with that hash. */
  readonly inputsOf: (config: string) => string;
  /** Ends the session with what cannot be mended, such as a journal that cannot be written. */
  readonly fail: (error: unknown) => void;
}

/**
 * Takes over changes of the settings' files while a session runs: checked first, then as a whole or not at all, with one line either way.
 * Only the limits under `risk` may change; everything else decides what the session is.
 */
export class ConfigReload {
  readonly #parts: ReloadParts;
  #config: Config;
  #hash: string;
  #watch: { close(): void } | undefined;
  #turn = Promise.resolve();

  constructor(parts: ReloadParts) {
    this.#parts = parts;
    this.#config = parts.context.config;
    this.#hash = configHash(this.#config);
  }

  /** Of the settings in force. */
  get hash(): string {
    return this.#hash;
  }

  begin(): void {
    const { source } = this.#parts.context;
    if (source === undefined) return;
    const look = () => {
      this.#turn = this.#turn.then(() => this.look());
    };
    this.#watch = watchFiles(source.paths, look);
    // What changed since the process began; it also loads what a later look needs.
    look();
  }

  close(): void {
    this.#watch?.close();
    this.#watch = undefined;
  }

  /** Reads the settings again and takes them over where they may be. */
  async look(): Promise<void> {
    const { context, fail } = this.#parts;
    try {
      const config = await context.source?.reload();
      if (config !== undefined) this.#consider(config);
    } catch (error) {
      if (Reflect.get(Object(error), 'code') === 'DATA_JOURNAL_WRITE') fail(error);
      else context.output.warn(`The settings were changed and are NOT taken over: ${messageOf(error)}`);
    }
  }

  #consider(config: Config): void {
    const { context, player, tightenOnly, inputsOf } = this.#parts;
    const hash = configHash(config);
    if (hash === this.#hash) return;
    const changes = changesBetween(this.#config, config);
    const limits = this.#parts.limits(config.risk);
    const looser = tightenOnly ? looserLimits(player.limits, limits) : [];
    const refused = [
      ...changes
        .filter(({ key }) => !mayChange(key))
        .map((change) => `${changeText(change)} cannot change within a session`),
      ...looser.map(
        ({ key, before, after }) =>
          `${changeText({ key: `risk.${key}`, before, after })} is looser, and limits of a live session only tighten`,
      ),
    ];
    if (refused.length > 0) {
      context.output.warn(
        `The settings were changed and are NOT taken over: ${refused.join('; ')}. Nothing of the change is in force; correct the file, or stop the session and start it again.`,
      );
      return;
    }
    player.limit(limits, { config: hash, inputs: inputsOf(hash) });
    this.#config = config;
    this.#hash = hash;
    context.output.note(`Settings taken over: ${changes.map(changeText).join('; ')}.`);
  }
}

interface Change {
  readonly key: string;
  readonly before: unknown;
  readonly after: unknown;
}

/** Keys whose values differ, of those that decide what a session does. */
function changesBetween(before: Config, after: Config): readonly Change[] {
  const [was, is] = [before, after].map((config) => {
    const { settings } = effectiveConfig({ config, origins: new Map() });
    return new Map(settings.map(({ key, value }) => [key, value]));
  });
  return [...new Set([...was.keys(), ...is.keys()])]
    .filter((key) => !/^(data|log|runs|doctor)\./.test(key))
    .filter((key) => JSON.stringify(was.get(key)) !== JSON.stringify(is.get(key)))
    .map((key) => ({ key, before: was.get(key), after: is.get(key) }));
}

function mayChange(key: string): boolean {
  return key.startsWith('risk.');
}

function changeText({ key, before, after }: Change): string {
  return `${key} ${valueText(before)} → ${valueText(after)}`;
}

function valueText(value: unknown): string {
  if (value === undefined) return 'unset';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
