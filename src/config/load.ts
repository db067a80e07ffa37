import { type ConfigFiles, configFiles, configPaths, type FileRequest } from './files.ts';
import { recall, remember, rememberedPath } from './remembered.ts';
import type { Config } from './schema.ts';

export interface ConfigRequest {
  /** The installed package; its `configs` folder is shipped. */
  readonly root: string;
  /** The user's folder; its `configs` folder wins over the shipped one, key by key. */
  readonly home: string;
  /** Where a checked configuration may be kept for the next start. */
  readonly cache?: string | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly profile?: string | undefined;
  /** Values of --config, in order. */
  readonly files?: readonly string[];
  /** Values of --set, in order. */
  readonly set?: readonly string[];
  /** Settings that other flags stand for, by dotted path. */
  readonly settings?: Readonly<Record<string, unknown>>;
}

export interface LoadedConfig {
  readonly config: Config;
  /** Where each value that is not a built-in default came from, by dotted path. */
  readonly origins: ReadonlyMap<string, string>;
}

/**
 * Built-in defaults ← `configs/default.yaml` ← profile ← `configs/*.{env}.yaml` (ALGO_ENV) ← `ALGO__…` variables
 * ← --config ← --set ← flags.
 *
 * @throws ConfigError CONFIG_INVALID with every problem of every source at once
 */
export async function loadConfig(request: ConfigRequest): Promise<LoadedConfig> {
  const problems: string[] = [];
  const files: ConfigFiles = configFiles(filesOf(request), problems);
  const path = problems.length === 0 ? rememberedPath(request, files) : undefined;
  const known = path ? recall(path) : undefined;
  if (known) return known;
  const { checkedConfig } = await import('./checked-config.ts');
  const loaded = checkedConfig(request, files, problems);
  if (path) remember(path, loaded);
  return loaded;
}

/** Where the files of a configuration may lie, whether they exist or not. */
export function settingsPaths(request: ConfigRequest): readonly string[] {
  return configPaths(filesOf(request));
}

function filesOf({ root, home, profile, env, files = [] }: ConfigRequest): FileRequest {
  return { root, home, profile: profile || undefined, environment: env.ALGO_ENV || undefined, files };
}
