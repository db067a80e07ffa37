import { type Document, isMap, parseDocument } from 'yaml';
import { ConfigError } from '../domain/errors.ts';
import { isSettings } from './layer.ts';
import { configSchema } from './schema.ts';
import { parseYaml } from './yaml-settings.ts';

/** A setting by the keys that lead to it. */
export interface PatchedSetting {
  readonly path: readonly string[];
  readonly value: unknown;
}

/**
 * A settings file with some settings changed; comments and everything else stay. Lists are written in one line.
 *
 * @throws ConfigError CONFIG_INVALID when the file is not valid before, or would not be after
 */
export function patchedYaml(origin: string, text: string, settings: readonly PatchedSetting[]): string {
  check(origin, text);
  const document: Document = parseDocument(text, { schema: 'core', version: '1.2' });
  // A file of comments alone has no mapping yet.
  if (!isMap(document.contents)) document.contents = document.createNode({});
  for (const { path, value } of settings) {
    const node = document.createNode(value, { flow: true });
    // `strategies: {}` would take everything into its one line.
    for (let depth = 1; depth < path.length; depth++) {
      const group = document.getIn(path.slice(0, depth), true);
      if (isMap(group)) group.flow = false;
    }
    document.setIn(path, node);
  }
  const patched = document.toString({
    lineWidth: 0,
    flowCollectionPadding: false,
    defaultStringType: 'QUOTE_DOUBLE',
    defaultKeyType: 'PLAIN',
  });
  check(origin, patched);
  return patched;
}

function check(origin: string, text: string): void {
  const parsed = parseYaml(origin, text);
  const problems =
    'problems' in parsed
      ? parsed.problems
      : (
          configSchema.safeParse(isSettings(parsed.layer.settings) ? parsed.layer.settings : {}).error
            ?.issues ?? []
        ).map(({ path, message }) => `${origin}: ${path.join('.')}: ${message}`);
  if (problems.length === 0) return;
  throw new ConfigError(
    'CONFIG_INVALID',
    `The settings file has problems: ${problems.join('; ')}`,
    'Correct it first; algo config check shows them with their lines.',
  );
}
