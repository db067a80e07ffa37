import { ConfigError } from '../domain/errors.ts';
import type { ConfigFile, ConfigFiles } from './files.ts';
import { type Layer, mergeLayers } from './layer.ts';
import type { ConfigRequest, LoadedConfig } from './load.ts';
import { layersOfEnvironment, layersOfFlags, layersOfSet } from './overrides.ts';
import { problemsOf } from './problems.ts';
import { configSchema } from './schema.ts';
import { parseYaml } from './yaml-settings.ts';

/**
 * Lays files, variables and flags over each other and checks the result against the schema.
 *
 * @throws ConfigError CONFIG_INVALID with the problems found so far and every further one
 */
export function checkedConfig(
  request: ConfigRequest,
  files: ConfigFiles,
  found: readonly string[],
): LoadedConfig {
  const problems = [...found];
  const layers = (list: readonly ConfigFile[]): Layer[] =>
    list.map((file) => layerOfFile(file.origin, file.text, problems));
  const merged = mergeLayers([
    ...layers(files.standing),
    ...layersOfEnvironment(request.env),
    ...layers(files.named),
    ...layersOfSet(request.set ?? [], problems),
    ...layersOfFlags(request.settings ?? {}),
  ]);
  const checked = configSchema.safeParse(merged.settings);
  if (!checked.success) problems.push(...problemsOf(checked.error.issues, merged));
  if (checked.success && problems.length === 0) return { config: checked.data, origins: merged.origins };
  throw invalid(problems);
}

function layerOfFile(origin: string, text: string, problems: string[]): Layer {
  const parsed = parseYaml(origin, text);
  if ('layer' in parsed) return parsed.layer;
  problems.push(...parsed.problems);
  return { origin, settings: {} };
}

function invalid(problems: readonly string[]): ConfigError {
  const [first = ''] = problems;
  const message =
    problems.length === 1
      ? `Configuration: ${first}`
      : `Configuration has ${problems.length} problems:\n  ${problems.join('\n  ')}`;
  return new ConfigError(
    'CONFIG_INVALID',
    message,
    'Correct it and run again; configs/default.yaml shows every key.',
  );
}
