import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeDurably } from '../adapters/system/durable-file.ts';
import { ConfigError, codeOf, RiskStop, UsageError } from '../domain/errors.ts';
import { istDate } from '../domain/time.ts';
import { consented } from './consent.ts';
import type { Context } from './context.ts';
import type { KiteSession } from './kite-session.ts';

/**
 * Real money moves only when three things say so: `mode: live` in the profile, `--confirm <client id>` on the command line, and
 * `algo live arm` of the same day. A rehearsal in the sandbox needs the confirmation alone.
 *
 * @throws UsageError USAGE_CONFIRM, ConfigError CONFIG_MODE, RiskStop RISK_NOT_ARMED
 */
export function liveConsent(
  context: Pick<Context, 'config' | 'folders' | 'clock'>,
  session: KiteSession,
  { confirm }: { readonly confirm?: string | undefined },
): { readonly userId: string } {
  const { userId, sandbox } = session;
  if (!consented(session, confirm))
    throw new UsageError(
      'USAGE_CONFIRM',
      `A live session of ${userId} has to be confirmed.`,
      `Add --confirm ${userId}, or rehearse with: algo paper`,
    );
  if (sandbox) return { userId };
  if (context.config.mode !== 'live')
    throw new ConfigError(
      'CONFIG_MODE',
      `The configuration says mode: ${context.config.mode}, and only mode: live may move real money.`,
      'Set mode: live in the profile that is meant for it.',
    );
  const today = istDate(context.clock.now());
  if (armedOn(context, userId) !== today)
    throw new RiskStop(
      'RISK_NOT_ARMED',
      `Account ${userId} is not armed for ${today}.`,
      `Run: algo live arm --confirm ${userId}`,
    );
  return { userId };
}

/** Allows live sessions of an account until midnight in India. */
export function armLive(
  context: Pick<Context, 'folders' | 'clock'>,
  session: KiteSession,
  confirm: string | undefined,
): { readonly userId: string; readonly day: string } {
  const { userId } = session;
  if (!consented(session, confirm))
    throw new UsageError(
      'USAGE_CONFIRM',
      `Arming ${userId} has to be confirmed.`,
      `Run: algo live arm --confirm ${userId}`,
    );
  const day = istDate(context.clock.now());
  writeDurably(armedFile(context, userId), `${JSON.stringify({ userId, day })}\n`);
  return { userId, day };
}

function armedOn(context: Pick<Context, 'folders'>, userId: string): string | undefined {
  try {
    const said: unknown = JSON.parse(readFileSync(armedFile(context, userId), 'utf8'));
    return String(Reflect.get(Object(said), 'day'));
  } catch (error) {
    if (codeOf(error) === 'ENOENT' || error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function armedFile({ folders }: Pick<Context, 'folders'>, userId: string): string {
  return join(folders.data, `armed-${userId.toLowerCase()}.json`);
}
