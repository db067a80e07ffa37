import { profileNames } from '../config/files.ts';
import { resolveFolders } from './folders.ts';
import type { ContextRequest } from './open-context.ts';
import { packageRoot } from './package-root.ts';

/**
 * `algo paper fno` means the profile fno: the first word is one when a profile has that name and no --profile is given. The other words
 * are instruments and universes.
 *
 * @throws ConfigError for folders that make no sense
 */
export function profileWord(
  request: ContextRequest,
  words: readonly string[],
): { readonly profile: string | undefined; readonly words: readonly string[] } {
  const [first, ...others] = words;
  if (request.profile !== undefined || first === undefined) return { profile: request.profile, words };
  const folders = resolveFolders({ root: packageRoot(), home: request.home, env: process.env });
  return profileNames(folders).includes(first)
    ? { profile: first, words: others }
    : { profile: undefined, words };
}
