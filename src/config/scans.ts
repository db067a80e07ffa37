import { readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { z } from 'zod';
import { ConfigError, codeOf } from '../domain/errors.ts';
import { parseYaml } from './yaml-settings.ts';

/** A scan that has a name. */
export interface NamedScan {
  readonly name: string;
  /** What it finds, one sentence. */
  readonly about: string;
  /** Timeframe it runs on. */
  readonly timeframe: string;
  /** Conditions that instruments pass one after the other; one where the scan has a single one. */
  readonly stages: readonly { readonly name: string; readonly where: string }[];
  /** How good a hit is: parts of a score, none where it has no score. */
  readonly score: readonly ScoreSetting[];
  /** Regimes of the market in which hits count; none is any. */
  readonly regime: readonly string[];
  /** What hits are sorted by, highest first unless `ascending`. */
  readonly sort?: string | undefined;
  readonly ascending: boolean;
  /** File it comes from. */
  readonly origin: string;
}

/** A part of a score: an expression that earns nothing at `from` and everything at `to`, or a condition. */
export interface ScoreSetting {
  readonly name: string;
  readonly of: string;
  readonly from: number;
  readonly to: number;
  readonly weight: number;
}

/** Name of the only stage of a scan that has none of its own. */
export const onlyStage = 'where';

const scoreSchema = z
  .strictObject({
    of: z.string().min(1),
    from: z.number().default(0),
    to: z.number().default(1),
    weight: z.number().gt(0).max(1_000).default(1),
  })
  .refine(({ from, to }) => from !== to, 'from and to have to differ, since points are given between them');
const scanSchema = z
  .strictObject({
    about: z.string().min(1),
    timeframe: z.string().min(1).default('day'),
    where: z.string().min(1).optional(),
    stages: z.record(z.string().min(1), z.string().min(1)).optional(),
    score: z.record(z.string().min(1), scoreSchema).default({}),
    regime: z.union([z.string().transform((word) => [word]), z.array(z.string()).min(1)]).optional(),
    sort: z.string().min(1).optional(),
    ascending: z.boolean().default(false),
  })
  .refine(
    ({ where, stages }) => (where === undefined) !== (stages === undefined),
    'needs either where, one condition, or stages, several with names',
  )
  .refine(({ stages }) => stages === undefined || Object.keys(stages).length > 0, 'stages are empty');
const name = z.string().regex(/^[a-z][a-z0-9_-]*$/, 'a lower-case name such as nr7');

/**
 * Scans by name: the shipped `configs/scans.yaml`, and over it the one of the home folder, which may replace a scan or add its own.
 *
 * @throws ConfigError CONFIG_SCANS with every problem of both files
 */
export function loadScans(root: string, home: string): ReadonlyMap<string, NamedScan> {
  const scans = new Map<string, NamedScan>();
  const problems: string[] = [];
  for (const folder of new Set([root, home])) {
    const path = join(folder, 'configs', 'scans.yaml');
    const text = textOf(path, problems);
    if (text === undefined) continue;
    const near = relative(home, path);
    const origin = near.startsWith('..') ? path : near;
    const parsed = parseYaml(origin, text);
    if ('problems' in parsed) problems.push(...parsed.problems);
    else
      for (const [key, value] of Object.entries(parsed.layer.settings)) {
        const named = z.object({ name, scan: scanSchema }).safeParse({ name: key, scan: value });
        const line = parsed.layer.lines?.get(key) ?? 1;
        if (named.success) scans.set(key, namedScan(key, origin, named.data.scan));
        else
          for (const issue of named.error.issues)
            problems.push(`${origin}:${line}: ${[key, ...issue.path.slice(1)].join('.')}: ${issue.message}`);
      }
  }
  if (problems.length === 0) return scans;
  throw new ConfigError(
    'CONFIG_SCANS',
    problems.join('\n'),
    'docs/scan.md shows what a named scan looks like.',
  );
}

function namedScan(
  key: string,
  origin: string,
  { where, stages, score, regime, ...scan }: z.output<typeof scanSchema>,
): NamedScan {
  return {
    ...{ name: key, origin, ...scan },
    stages: Object.entries(stages ?? { [onlyStage]: where ?? '' }).map(([stage, text]) => ({
      name: stage,
      where: text,
    })),
    score: Object.entries(score).map(([part, setting]) => ({ name: part, ...setting })),
    regime: regime ?? [],
  };
}

function textOf(path: string, problems: string[]): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR') return undefined;
    problems.push(`${path}: cannot be read (${codeOf(error) || String(error)})`);
    return undefined;
  }
}
