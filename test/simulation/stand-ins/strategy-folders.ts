import { hashOf } from '#src/app/run-identity.ts';
import type { Strategy } from '#src/strategy/define.ts';
import { strategies } from '../strategies.ts';

/** Strategies that are part of the simulation, by name. */
export async function namedStrategy(
  _folders: unknown,
  name: string,
): Promise<{ readonly strategy: Strategy; readonly hash: string }> {
  const strategy = strategies.find((each) => each.name === name);
  if (strategy === undefined) throw new Error(`the simulation knows no strategy ${name}`);
  return { strategy, hash: hashOf([name]) };
}

export function strategyFolders(): readonly string[] {
  return [];
}
