import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { appendDurably, removeDurably, writeDurably } from '../adapters/system/durable-file.ts';
import { codeOf, messageOf, UsageError } from '../domain/errors.ts';
import { isoInstant } from '../domain/time.ts';
import type { Context, Folders } from './context.ts';

/** Somebody has stopped all trading of this home, until it is released. */
export interface Kill {
  readonly reason: string;
  /** ISO-8601 with +05:30; null for a file that somebody made by hand. */
  readonly at: string | null;
  /** Entries under way are called off. */
  readonly cancel: boolean;
  /** Every order of ours is called off and what is open closed at market. */
  readonly flatten: boolean;
}

type Home = Pick<Folders, 'data'>;
const killFile = ({ data }: Home) => join(data, 'KILL');
/** Kills and releases, one JSON line each. */
export const killLog = ({ data }: Home) => join(data, 'kill.log');

/**
 * The kill that stands, undefined when none does. Without one it is a single look at the disk, cheap enough for every request. Whatever
 * stands in its place counts: a file that is empty, broken or cannot be looked at has been put there by somebody or by trouble, and
 * neither is a reason to trade on.
 */
export function killed(folders: Home): Kill | undefined {
  const path = killFile(folders);
  try {
    if (statSync(path, { throwIfNoEntry: false }) === undefined) return undefined;
    return killIn(readFileSync(path, 'utf8'));
  } catch (error) {
    // Released between the two looks.
    if (codeOf(error) === 'ENOENT') return undefined;
    return { ...byHand, reason: `${path} cannot be read: ${messageOf(error)}` };
  }
}

const byHand = { reason: 'a KILL file was put into the data folder', at: null, cancel: true, flatten: false };

function killIn(text: string): Kill {
  let said: unknown;
  try {
    said = JSON.parse(text);
  } catch {
    return byHand;
  }
  const field = (name: string): unknown => Reflect.get(Object(said), name);
  const reason = field('reason');
  const at = field('at');
  return {
    reason: typeof reason === 'string' ? reason : byHand.reason,
    at: typeof at === 'string' ? at : null,
    cancel: field('cancel') !== false,
    flatten: field('flatten') === true,
  };
}

/**
 * Writes the kill down before it answers. A second one may ask for more and takes nothing back: time and reason stay those of the first.
 *
 * @throws UsageError USAGE_REASON without one, since somebody will want to know
 */
export function engageKill(
  { folders, clock }: Pick<Context, 'folders' | 'clock'>,
  wish: { readonly reason: string; readonly cancel: boolean; readonly flatten: boolean },
): Kill {
  const reason = reasonOf(wish.reason);
  const standing = killed(folders);
  const kill: Kill = {
    reason: standing?.reason ?? reason,
    at: standing ? standing.at : isoInstant(clock.now()),
    cancel: wish.cancel || wish.flatten || standing?.cancel === true,
    flatten: wish.flatten || standing?.flatten === true,
  };
  writeDurably(killFile(folders), `${JSON.stringify(kill)}\n`);
  noteKill({ folders, clock }, { did: 'killed', ...kill, reason });
  return kill;
}

/** @throws UsageError USAGE_REASON without a reason, USAGE_KILL when nothing was killed */
export function releaseKill(
  { folders, clock }: Pick<Context, 'folders' | 'clock'>,
  reason: string,
): { readonly released: Kill; readonly reason: string } {
  const why = reasonOf(reason);
  const released = killed(folders);
  if (released === undefined)
    throw new UsageError('USAGE_KILL', 'Nothing is killed here.', 'algo kill --reason "…" stops trading.');
  noteKill({ folders, clock }, { did: 'released', killedAt: released.at, reason: why });
  removeDurably(killFile(folders));
  return { released, reason: why };
}

/** Adds what was done about a kill to its log. */
export function noteKill(
  { folders, clock }: Pick<Context, 'folders' | 'clock'>,
  note: Readonly<Record<string, unknown>>,
): void {
  appendDurably(killLog(folders), JSON.stringify({ time: isoInstant(clock.now()), ...note }));
}

function reasonOf(text: string): string {
  const reason = text.trim();
  if (reason !== '') return reason;
  throw new UsageError(
    'USAGE_REASON',
    'No reason was given.',
    'Say why in a few words: --reason "prices look wrong".',
  );
}
