import { existsSync } from 'node:fs';
import { test } from '@jest/globals';
import { type Browser, chromium } from 'playwright-core';

const places = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** Chromium of this machine, or undefined. */
function browserPath(): string | undefined {
  return [process.env.CHROMIUM_PATH ?? '', ...places].find((path) => path !== '' && existsSync(path));
}

/** Starts Chromium without a window and without errands of its own. */
export function startBrowser(): Promise<Browser> {
  const executablePath = browserPath();
  if (executablePath === undefined)
    throw new Error(`No Chromium in ${places.join(', ')}. Install it, or name it in CHROMIUM_PATH.`);
  return chromium.launch({
    executablePath,
    args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-background-networking'],
  });
}

/**
 * A test in a real browser. Where there is none it is skipped and says why; in CI it runs all the same and fails,
 * so that a page nobody looked at is never called checked.
 */
export const browserTest: typeof test | typeof test.skip = (() => {
  if (browserPath() !== undefined || process.env.CI) return test;
  process.stderr.write('skipped: tests in a browser need Chromium, which is not on this machine\n');
  return test.skip;
})();
