import { clockOf } from '../domain/time.ts';
import type { Param } from './params.ts';

/** A parameter's value as its owner would type it. */
export function textOf(param: Param<unknown>, value: unknown = param.default): string {
  return param.kind === 'clock' && typeof value === 'number' ? clockOf(value) : String(value);
}
