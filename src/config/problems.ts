import { z } from 'zod';
import { nearest } from '../domain/nearest.ts';
import { isSettings, type Merged } from './layer.ts';
import { configSchema } from './schema.ts';

/** What the schema found, one line each: where it stands, the value, what is allowed, the nearest key. */
export function problemsOf(issues: readonly z.core.$ZodIssue[], merged: Merged): string[] {
  return issues.flatMap((issue) =>
    issue.code === 'unrecognized_keys'
      ? issue.keys.map((key) => unknownKey([...issue.path.map(String), key], merged))
      : [
          `${placeOf(issue.path.map(String), merged)}: ${issue.path.join('.')} was ${quote(valueAt(issue.path, merged))}; allowed: ${allowed(issue)}`,
        ],
  );
}

function unknownKey(path: readonly string[], merged: Merged): string {
  const siblings = keysAt(path.slice(0, -1));
  const name = path.at(-1) ?? '';
  const guess = nearest(name, siblings) ?? pathsEndingLike(name);
  const hint = guess ? `Did you mean "${guess}"?` : `Known here: ${siblings.join(', ')}.`;
  return `${placeOf(path, merged)}: unknown key ${path.join('.')}. ${hint}`;
}

/** Where a value was set; for a missing inner value, where its group was. */
function placeOf(path: readonly string[], merged: Merged): string {
  for (let length = path.length; length > 0; length--) {
    const origin = merged.origins.get(path.slice(0, length).join('.'));
    if (origin) return origin;
  }
  return 'configuration';
}

function allowed(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return kindName(issue.expected);
    case 'invalid_value':
      return issue.values.map((value) => JSON.stringify(value)).join(', ');
    case 'too_small':
      return `${issue.inclusive ? 'at least' : 'more than'} ${issue.minimum}${unitOf(issue.origin, issue.minimum)}`;
    case 'too_big':
      return `${issue.inclusive ? 'at most' : 'less than'} ${issue.maximum}${unitOf(issue.origin, issue.maximum)}`;
    case 'invalid_key':
      return issue.issues[0]?.message ?? issue.message;
    default:
      return issue.message;
  }
}

function kindName(expected: string): string {
  const names: Readonly<Record<string, string>> = {
    number: 'a number',
    int: 'a whole number',
    string: 'text (put it in quotes)',
    boolean: 'true or false',
    object: 'settings as "key: value"',
    record: 'settings as "name: value"',
    array: 'a list',
  };
  return names[expected] ?? expected;
}

function unitOf(origin: string, count: number | bigint): string {
  if (origin === 'array') return Number(count) === 1 ? ' entry' : ' entries';
  if (origin !== 'string') return '';
  return Number(count) === 1 ? ' letter' : ' letters';
}

function valueAt(path: readonly PropertyKey[], merged: Merged): unknown {
  return path.reduce<unknown>(
    (value, key) =>
      Array.isArray(value) ? value[Number(key)] : isSettings(value) ? value[String(key)] : undefined,
    merged.settings,
  );
}

function quote(value: unknown): string {
  if (value === null) return 'empty';
  if (typeof value === 'number' && !Number.isFinite(value)) return String(value);
  const text = JSON.stringify(value) ?? 'missing';
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}

/** Every dotted path of the schema. */
export function schemaPaths(): string[] {
  const paths: string[] = [];
  const walk = (shape: z.core.$ZodShape, above: string): void => {
    for (const [key, type] of Object.entries(shape)) {
      const path = above ? `${above}.${key}` : key;
      const inner = shapeOf(type);
      if (inner) walk(inner, path);
      else paths.push(path);
    }
  };
  walk(configSchema.shape, '');
  return paths;
}

function shapeOf(type: z.core.$ZodType): z.core.$ZodShape | undefined {
  if (type instanceof z.ZodPrefault || type instanceof z.ZodDefault) return shapeOf(type.unwrap());
  return type instanceof z.ZodObject ? type.shape : undefined;
}

function keysAt(path: readonly string[]): string[] {
  const depth = path.length;
  const below = schemaPaths().filter((known) => depth === 0 || known.startsWith(`${path.join('.')}.`));
  return [...new Set(below.map((known) => known.split('.')[depth] ?? known))];
}

/** `maxDailyLossPercent` written at the top belongs to `risk`. */
function pathsEndingLike(name: string): string | undefined {
  const paths = schemaPaths();
  const leaf = nearest(
    name,
    paths.map((path) => path.split('.').at(-1) ?? path),
  );
  return paths.find((path) => path.split('.').at(-1) === leaf);
}
