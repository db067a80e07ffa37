import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { messageOf } from '../domain/errors.ts';
import { isoInstant, istMinuteOfDay, minuteOfClock } from '../domain/time.ts';
import type { HistoryStanding, HomeStatus, MarketStanding } from '../reports/status-text.ts';
import { calendarPage } from './calendar.ts';
import type { Context } from './context.ts';
import { dataList } from './data-list.ts';
import { killed } from './kill.ts';
import { historyOf } from './open-history.ts';
import { profileList } from './profile.ts';
import { readNotice } from './sandbox-notice.ts';
import { sandboxState } from './sandbox-state.ts';
import { journalStanding } from './session-status.ts';
import { journalModes, journalsOf } from './streams.ts';
import { askSession } from './tell-session.ts';

/** Markets that a trader of this program is in. */
const exchanges = ['NSE', 'NFO', 'MCX'] as const;

/**
 * One look at everything of this home. Nobody is asked for anything and no broker either; what cannot be looked at is said in
 * `problems` and does not keep the rest away.
 */
export async function homeStatus(context: Context): Promise<HomeStatus> {
  const { folders, clock } = context;
  const problems: string[] = [];
  const looked = async <T>(what: string, look: () => Promise<T> | T, otherwise: T): Promise<T> => {
    try {
      return await look();
    } catch (error) {
      problems.push(`${what}: ${messageOf(error)}`);
      return otherwise;
    }
  };
  const sessions = await Promise.all(
    journalsOf(context, journalModes).map(({ mode, stream }) =>
      looked(
        `Session ${mode}/${stream}`,
        async () => {
          const reply = await looked(
            `Session ${mode}/${stream}`,
            () => askSession(context, { mode, stream }, { do: 'status' }),
            undefined,
          );
          return reply?.standing ?? journalStanding(context, mode, stream);
        },
        undefined,
      ),
    ),
  );
  const kill = killed(folders);
  const markets = await Promise.all(
    exchanges.map((exchange) => looked(exchange, () => marketStanding(context, exchange), undefined)),
  );
  const { accounts } = await looked('Accounts', () => profileList(context), { accounts: [] });
  return {
    home: folders.home,
    now: isoInstant(clock.now()),
    kill: kill ? { reason: kill.reason, at: kill.at } : null,
    markets: markets.filter((market) => market !== undefined),
    accounts: accounts.map(({ name, current, userId, sandbox, session, expiry }) => ({
      ...{ name, current, userId, sandbox, session, expiry },
    })),
    history: await looked('History', () => historyStanding(context), null),
    sandbox: await looked('Sandbox', () => sandboxStanding(context), null),
    sessions: sessions.filter((session) => session !== undefined),
    problems,
  };
}

function marketStanding({ folders, clock }: Context, exchange: string): MarketStanding {
  const { hours, holiday, next } = calendarPage(folders, { exchange }, clock);
  const today = hours[0]?.windows ?? [];
  const minute = istMinuteOfDay(clock.now());
  return {
    exchange,
    openNow: today.some((window) => {
      const [from, to] = window.split('-').map(minuteOfClock);
      return from <= minute && minute < to;
    }),
    today,
    holiday: holiday ?? null,
    next: next ?? null,
  };
}

async function historyStanding(context: Context): Promise<HistoryStanding | null> {
  if (!existsSync(resolve(context.folders.home, context.config.data.history))) return null;
  const { series } = await dataList(historyOf(context));
  const newestOf = (invented: boolean) =>
    series
      .filter(({ synthetic }) => synthetic === invented)
      .map(({ to }) => to)
      .sort()
      .at(-1) ?? null;
  return { series: series.length, newest: newestOf(false), newestInvented: newestOf(true) };
}

async function sandboxStanding({ folders }: Context): Promise<HomeStatus['sandbox']> {
  const notice = readNotice(folders);
  if (!notice) return null;
  const { url, now, speed, paused } = await sandboxState(notice);
  return { url, now, speed, paused };
}
