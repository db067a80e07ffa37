import { join } from 'node:path';
import type { Context } from './context.ts';

/** Where finished runs are kept. */
export function runsFolder({ folders }: Pick<Context, 'folders'>): string {
  return join(folders.data, 'runs');
}
