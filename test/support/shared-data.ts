import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { test } from '@jest/globals';

/** Market data that lies beside the checkout on some machines and never inside it: `../shared/data`. */
const sharedRoot = fileURLToPath(new URL('../../../shared/data/', import.meta.url));

/** Absolute path of a shared file or folder, or undefined on a machine that does not have it. */
export function sharedPath(relative: string): string | undefined {
  const path = `${sharedRoot}${relative}`;
  return existsSync(path) ? path : undefined;
}

/** A test on real market data; where the data is absent it is skipped and says why. */
export function testWithShared(
  relative: string,
  name: string,
  run: (path: string) => void | Promise<void>,
): void {
  const path = sharedPath(relative);
  if (path) {
    test(name, () => run(path));
    return;
  }
  process.stderr.write(`skipped: "${name}" needs ../shared/data/${relative}, which is not on this machine\n`);
  test.skip(name, () => undefined);
}
