import { configHash } from '../config/config-hash.ts';
import { isSettings } from '../config/layer.ts';
import type { OpenContext } from './open-context.ts';

/** One setting in force and where it came from. */
export interface EffectiveSetting {
  readonly key: string;
  readonly value: unknown;
  readonly origin: string;
}

export interface EffectiveConfig {
  /** Changes when anything that decides a result does. */
  readonly hash: string;
  readonly settings: readonly EffectiveSetting[];
}

/** Every setting in force, by dotted path, in the order of the schema. */
export function effectiveConfig({
  config,
  origins,
}: Pick<OpenContext, 'config' | 'origins'>): EffectiveConfig {
  const settings: EffectiveSetting[] = [];
  const walk = (value: unknown, path: string): void => {
    if (isSettings(value) && Object.keys(value).length > 0) {
      for (const [key, inner] of Object.entries(value)) walk(inner, path ? `${path}.${key}` : key);
    } else settings.push({ key: path, value, origin: origins.get(path) ?? 'built-in default' });
  };
  walk(config, '');
  return { hash: configHash(config), settings };
}
