/** A mapping of settings as it stands in a file, in the environment or on the command line. */
export type Settings = { [key: string]: unknown };

/** One source of settings. Later layers win, key by key; lists are replaced as a whole. */
export interface Layer {
  /** File path, variable or flag, as a person would name it. */
  readonly origin: string;
  readonly settings: Settings;
  /** Line of a setting by its dotted path, where the source has lines. */
  readonly lines?: ReadonlyMap<string, number>;
}

/** Layers as one mapping, and where each value came from: `configs/equity.yaml:12`, `--set`, `ALGO__CAPITAL`. */
export interface Merged {
  readonly settings: Settings;
  readonly origins: ReadonlyMap<string, string>;
}

/** Lays the layers over each other, first to last. */
export function mergeLayers(layers: readonly Layer[]): Merged {
  const settings: Settings = {};
  const origins = new Map<string, string>();
  for (const layer of layers) lay(settings, layer.settings, [], layer, origins);
  return { settings, origins };
}

export function isSettings(value: unknown): value is Settings {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function lay(
  below: Settings,
  above: Settings,
  path: readonly string[],
  layer: Layer,
  origins: Map<string, string>,
): void {
  for (const [key, value] of Object.entries(above)) {
    const here = [...path, key];
    const name = here.join('.');
    const line = layer.lines?.get(name);
    origins.set(name, line === undefined ? layer.origin : `${layer.origin}:${line}`);
    const existing = below[key];
    if (!isSettings(value)) below[key] = value;
    else {
      const target: Settings = isSettings(existing) ? existing : {};
      below[key] = target;
      lay(target, value, here, layer, origins);
    }
  }
}

/** A dotted path and its value as a layer: `risk.maxDailyLossPercent` and 2. */
export function layerOf(origin: string, path: readonly string[], value: unknown): Layer {
  const settings = path.reduceRight<unknown>((inner, key) => ({ [key]: inner }), value);
  return { origin, settings: isSettings(settings) ? settings : {} };
}
