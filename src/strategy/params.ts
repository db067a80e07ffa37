import * as z from 'zod/mini';
import { StrategyError } from '../domain/errors.ts';
import { minuteOfClock } from '../domain/time.ts';

export type ParamKind = 'int' | 'percent' | 'number' | 'choice' | 'flag' | 'clock';

/** One setting of a strategy: what it may be, what it is when nobody says, and how `--param`, help and searches see it. */
export interface Param<T> {
  readonly kind: ParamKind;
  readonly default: T;
  /** Takes the value itself or its text, so `--param fast=10` and `fast: 10` in YAML are one path. */
  readonly schema: z.ZodMiniType<T, unknown>;
  /** `a whole number from 2 to 200`: completes "expected …". */
  readonly expects: string;
  readonly about?: string | undefined;
  readonly min?: number | undefined;
  readonly max?: number | undefined;
  /** Distance between two values of a search. */
  readonly step?: number | undefined;
  readonly choices?: readonly string[] | undefined;
}

/** Parameters by name. */
export type ParamShape = Readonly<Record<string, Param<unknown>>>;

/** What `setup` receives: each parameter's value. */
export type ParamValues<P extends ParamShape> = { readonly [K in keyof P]: P[K]['default'] };

export interface RangeOptions {
  readonly min?: number;
  readonly max?: number;
  /** Distance between two values of a search. */
  readonly step?: number;
  readonly about?: string;
}

/** A whole number: bars, counts, minutes. */
export function int(value: number, options: RangeOptions = {}): Param<number> {
  const whole = z.pipe(z.transform(numberOf), z.number().check(z.int(), ...bounds(options)));
  return checked({
    kind: 'int',
    default: value,
    schema: whole,
    expects: `a whole number${range(options)}`,
    step: 1,
    ...options,
  });
}

/** Percent, written as a trader writes it: 1.5 is 1.5 %. From 0 to 100 unless told otherwise. */
export function percent(value: number, options: RangeOptions = {}): Param<number> {
  const limits = { min: 0, max: 100, step: 0.1, ...options };
  const schema = z.pipe(z.transform(percentOf), z.number().check(...bounds(limits)));
  return checked({
    kind: 'percent',
    default: value,
    schema,
    expects: `a percentage${range(limits)}`,
    ...limits,
  });
}

/** Any finite number. */
export function number(value: number, options: RangeOptions = {}): Param<number> {
  const schema = z.pipe(z.transform(numberOf), z.number().check(...bounds(options)));
  return checked({
    kind: 'number',
    default: value,
    schema,
    expects: `a number${range(options)}`,
    ...options,
  });
}

/** One of a few words. */
export function choice<const T extends string>(
  value: NoInfer<T>,
  choices: readonly T[],
  options: { readonly about?: string } = {},
): Param<T> {
  return checked<T>({
    kind: 'choice',
    default: value,
    schema: z.enum(choices),
    expects: `one of ${choices.join(', ')}`,
    choices,
    ...options,
  });
}

/** Yes or no. */
export function flag(value: boolean, options: { readonly about?: string } = {}): Param<boolean> {
  const schema = z.pipe(z.transform(booleanOf), z.boolean());
  return checked({ kind: 'flag', default: value, schema, expects: 'true or false', ...options });
}

/** A time of day in India, written `14:30`. Its value is the minute of the day, to compare with `session.minute`. */
export function clock(value: string, options: { readonly about?: string } = {}): Param<number> {
  const schema = z.pipe(z.transform(minuteOf), z.number().check(z.int(), z.minimum(0), z.maximum(1_439)));
  const minute = minuteOf(value);
  const param = { kind: 'clock', schema, expects: 'a time of day such as 14:30', ...options } as const;
  return checked({ ...param, default: typeof minute === 'number' ? minute : Number.NaN }, value);
}

function checked<T>(param: Param<T>, written: unknown = param.default): Param<T> {
  if (z.safeParse(param.schema, param.default).success) return Object.freeze(param);
  throw new StrategyError(
    'STRATEGY_PARAM',
    `The default of a ${param.kind} parameter was ${JSON.stringify(written)}, expected ${param.expects}.`,
    'Correct the default or its limits in the strategy file.',
  );
}

function bounds({ min, max }: RangeOptions) {
  return [...(min === undefined ? [] : [z.minimum(min)]), ...(max === undefined ? [] : [z.maximum(max)])];
}

function range({ min, max }: RangeOptions): string {
  if (min !== undefined && max !== undefined) return ` from ${min} to ${max}`;
  if (min !== undefined) return ` of ${min} or more`;
  return max === undefined ? '' : ` of ${max} or less`;
}

/** Text that is not a plain decimal number stays what it is, and the schema refuses it. */
function numberOf(value: unknown): unknown {
  return typeof value === 'string' && /^\s*[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?\s*$/i.test(value)
    ? Number(value)
    : value;
}

function percentOf(value: unknown): unknown {
  return numberOf(typeof value === 'string' ? value.replace(/\s*%\s*$/, '') : value);
}

const words = new Map([
  ['true', true],
  ['yes', true],
  ['on', true],
  ['1', true],
  ['false', false],
  ['no', false],
  ['off', false],
  ['0', false],
]);

function booleanOf(value: unknown): unknown {
  return typeof value === 'string' ? (words.get(value.trim().toLowerCase()) ?? value) : value;
}

function minuteOf(value: unknown): unknown {
  if (typeof value !== 'string' || !/^\s*\d{1,2}:\d{2}\s*$/.test(value)) return value;
  const [hour, minute] = value.split(':').map(Number);
  return minute < 60 && hour < 24 ? minuteOfClock(value.trim()) : value;
}
