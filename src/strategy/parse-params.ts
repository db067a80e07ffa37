import { ConfigError, UsageError } from '../domain/errors.ts';
import { didYouMean } from '../domain/nearest.ts';
import type { Strategy } from './define.ts';
import { textOf } from './param-text.ts';
import type { ParamShape, ParamValues } from './params.ts';

/**
 * Reads `fast=10` as the flag `--param` gives it.
 *
 * @throws UsageError USAGE_PARAM when there is no `=` or a name comes twice
 */
export function readParamFlags(flags: readonly string[]): Record<string, string> {
  // Without a prototype, so that `__proto__=1` is a name like any other and is refused as unknown.
  const given: Record<string, string> = Object.create(null);
  for (const flag of flags) {
    const [, name, value] = /^\s*([^=\s]+)\s*=(.*)$/s.exec(flag) ?? [];
    if (name === undefined || value === undefined) {
      throw new UsageError(
        'USAGE_PARAM',
        `--param received "${flag}", expected name=value.`,
        'Write it as --param fast=10.',
      );
    }
    if (Object.hasOwn(given, name)) {
      throw new UsageError(
        'USAGE_PARAM',
        `--param ${name} was given twice: "${given[name]}" and "${value}".`,
        'Give it once.',
      );
    }
    given[name] = value.trim();
  }
  return given;
}

/**
 * The values a strategy runs with: what was given (as text or as typed values), defaults for the rest. Frozen.
 *
 * @throws ConfigError CONFIG_PARAM naming every unknown and every ill parameter at once
 */
export function parseParams<P extends ParamShape>(
  strategy: Strategy<P>,
  given: Readonly<Record<string, unknown>> = {},
): ParamValues<P> {
  const names = Object.keys(strategy.params);
  const unknown = Object.keys(given).filter((name) => !names.includes(name));
  const problems = unknown.map((name) => unknownParam(strategy.name, name, names));
  const values: Record<string, unknown> = {};
  for (const [name, param] of Object.entries(strategy.params)) {
    if (!Object.hasOwn(given, name)) {
      values[name] = param.default;
      continue;
    }
    const result = param.schema.safeParse(given[name]);
    if (result.success) values[name] = result.data;
    else problems.push(illParam(strategy.name, name, given[name], param.expects));
  }
  if (problems.length > 0) throw new ConfigError('CONFIG_PARAM', problems.join('\n'), choicesOf(strategy));
  return Object.freeze(values) as ParamValues<P>;
}

function unknownParam(strategy: string, name: string, names: readonly string[]): string {
  const hint = didYouMean(name, names);
  return `Unknown parameter "${name}" of strategy ${strategy}.${hint}`;
}

function illParam(strategy: string, name: string, value: unknown, expects: string): string {
  const written = typeof value === 'string' ? `"${value}"` : JSON.stringify(value);
  return `Parameter ${name} of strategy ${strategy} was ${written}, expected ${expects}.`;
}

function choicesOf(strategy: Strategy): string {
  const all = Object.entries(strategy.params).map(([name, param]) => `${name} (${textOf(param)})`);
  return all.length > 0
    ? `Parameters and defaults: ${all.join(', ')}.`
    : `Strategy ${strategy.name} has no parameters.`;
}
