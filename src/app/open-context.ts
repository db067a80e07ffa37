import { systemClock } from '../adapters/system/system-clock.ts';
import { terminalOutput } from '../adapters/system/terminal-output.ts';
import type { ConfigRequest, LoadedConfig } from '../config/load.ts';
import { commandLog } from './command-log.ts';
import type { Context, Folders } from './context.ts';
import { resolveFolders } from './folders.ts';
import { packageRoot } from './package-root.ts';
import { takeSecretVariables, withoutSecrets } from './secret-variables.ts';

/** What the command line said about where and how to run. */
export interface ContextRequest {
  readonly home?: string | undefined;
  readonly profile?: string | undefined;
  /** Values of --config, in order. */
  readonly files?: readonly string[];
  /** Values of --set, in order. */
  readonly set?: readonly string[];
  /** Settings that other flags stand for, by configuration path. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** No progress and no notes: --quiet and --json. */
  readonly silent?: boolean;
}

/** A context that also knows where each setting came from, by dotted path. */
export interface OpenContext extends Context {
  readonly origins: ReadonlyMap<string, string>;
}

/** Everything a command may rely on. @throws ConfigError with every problem of folders and settings */
export async function openContext(request: ContextRequest): Promise<OpenContext> {
  takeSecretVariables(process.env);
  const folders = resolveFolders({ root: packageRoot(), home: request.home, env: process.env });
  const { loadConfig, settingsPaths } = await import('../config/load.ts');
  const asked = configRequest(request, folders);
  const source = { paths: settingsPaths(asked), reload: async () => (await loadConfig(asked)).config };
  return { ...contextOf(request, folders, await loadConfig(asked)), source };
}

/**
 * The built-in settings alone, for looking at a computer whose configuration is wrong. Nothing may be traded or stored on it.
 * @throws ConfigError for folders that make no sense
 */
export async function openContextOnDefaults(request: ContextRequest): Promise<OpenContext> {
  const folders = resolveFolders({ root: packageRoot(), home: request.home, env: process.env });
  const { defaultConfig } = await import('../config/schema.ts');
  return contextOf(request, folders, { config: defaultConfig(), origins: new Map() });
}

function configRequest(request: ContextRequest, folders: Folders): ConfigRequest {
  return {
    root: folders.root,
    home: folders.home,
    cache: folders.cache,
    env: process.env,
    profile: request.profile,
    files: request.files ?? [],
    set: request.set ?? [],
    settings: request.settings ?? {},
  };
}

function contextOf(request: ContextRequest, folders: Folders, loaded: LoadedConfig): OpenContext {
  const log = commandLog(folders, loaded.config);
  const output = terminalOutput({ silent: request.silent ?? false });
  return {
    folders,
    config: loaded.config,
    origins: loaded.origins,
    output: {
      ...output,
      note: (message) => output.note(withoutSecrets(message)),
      warn(message) {
        output.warn(withoutSecrets(message));
        log.warn({}, message);
      },
    },
    clock: systemClock,
    log,
  };
}
