import { type Layer, layerOf } from './layer.ts';
import { parseValue } from './yaml-settings.ts';

const prefix = 'ALGO__';
const forbidden = /(^|\.)(__proto__|constructor|prototype)(\.|$)/;

/** `ALGO__RISK__MAX_DAILY_LOSS_PERCENT=2` sets `risk.maxDailyLossPercent`. Sorted by name, so the result does not depend on the shell. */
export function layersOfEnvironment(env: Readonly<Record<string, string | undefined>>): Layer[] {
  return Object.keys(env)
    .filter((name) => name.startsWith(prefix))
    .sort()
    .map((name) =>
      layerOf(name, name.slice(prefix.length).split('__').map(camelOf), parseValue(env[name] ?? '')),
    );
}

/** Values of --set: `risk.maxDailyLossPercent=2`. Adds a problem for each that is not of this form. */
export function layersOfSet(assignments: readonly string[], problems: string[]): Layer[] {
  return assignments.flatMap((assignment) => {
    const match = /^([A-Za-z_][\w-]*(?:\.[A-Za-z_][\w-]*)*)=(.*)$/s.exec(assignment);
    if (match?.[1] && match[2] !== undefined && !forbidden.test(match[1])) {
      return [layerOf('--set', match[1].split('.'), parseValue(match[2]))];
    }
    problems.push(
      `--set: "${assignment}" is not an assignment; expected key.path=value, such as risk.maxDailyLossPercent=2`,
    );
    return [];
  });
}

/** Settings that other flags of a command stand for, by dotted path; undefined ones are left alone. */
export function layersOfFlags(settings: Readonly<Record<string, unknown>>): Layer[] {
  return Object.entries(settings)
    .filter(([, value]) => value !== undefined)
    .map(([path, value]) => layerOf('command line', path.split('.'), value));
}

function camelOf(name: string): string {
  return name.toLowerCase().replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}
