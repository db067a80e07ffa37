import { join } from 'node:path';
import { holdLock } from '../adapters/duckdb/process-lock.ts';
import { JournalLog } from '../adapters/journal/journal-log.ts';
import { SessionJournal } from '../adapters/journal/session-journal.ts';
import { inOrder } from '../adapters/simulated/in-order.ts';
import { SimulatedBroker } from '../adapters/simulated/simulated-broker.ts';
import { confined } from '../adapters/system/confined.ts';
import { DataError } from '../domain/errors.ts';
import { dayNumberOf, type EpochMs, startOfDay } from '../domain/time.ts';
import { Engine } from '../engine/engine.ts';
import type { MarketListener, TimerClock } from '../engine/ports.ts';
import type { SessionReport } from '../reports/session-text.ts';
import type { BacktestCast } from './backtest-run.ts';
import type { Context } from './context.ts';
import { HookWatch } from './hook-watch.ts';
import { isolationOf } from './isolation-of.ts';
import { type JournaledSession, openJournaledSession } from './journaled-session.ts';
import { feedDays, playPaced, speedOf, warmUpFrom } from './paper-feed.ts';
import { runHeader } from './run-header.ts';
import { resultHash } from './run-identity.ts';
import { runParts } from './run-parts.ts';
import { SessionResults } from './session-results.ts';
import { streamFolder } from './streams.ts';

export interface PaperRequest {
  readonly universe: readonly string[];
  readonly strategies: readonly string[];
  readonly timeframe?: string | undefined;
  readonly params: readonly string[];
  /** `kite`, `sandbox`, or `replay:2026-10-06`. */
  readonly feed: string;
  /** Kite account whose prices a stream is. */
  readonly account?: string | undefined;
  /** India time at which a day on a stream ends, `15:20`; the close when left out. */
  readonly until?: string | undefined;
  readonly speed: string;
  /** Calendar days of bars before the session that warm indicators up. */
  readonly warmUpDays: number;
  readonly stream: string;
}

/**
 * The paper cast: bars as the market gives them, the simulated exchange, a journal on the disk. Everything else is the engine.
 * A session that was interrupted goes on where its journal ends; two at a time on one stream are refused.
 *
 * @throws AlgoError RUNNING (75), DataError DATA_MISSING and DATA_JOURNAL…, CheckFailed CHECK_REPLAY and CHECK_SESSION
 */
export async function paper(
  context: Context & { readonly clock: TimerClock },
  request: PaperRequest,
  signal: AbortSignal,
): Promise<SessionReport> {
  const days = feedDays(request.feed);
  const speed = speedOf(request.speed);
  // What the session follows from: not how fast it is played, nor where it is written.
  const asked = {
    universe: request.universe,
    strategies: request.strategies,
    timeframe: request.timeframe,
    params: request.params,
    from: warmUpFrom(days.first, request.warmUpDays),
    to: days.last,
    feed: request.feed,
  };
  const parts = await runParts(context, asked);
  const begins = startOfDay(dayNumberOf(days.first));
  checkPlayed(parts.cast, begins, request.feed);
  const header = runHeader({
    ...parts,
    context,
    request: asked,
    charges: parts.charges.model.name,
    sizing: parts.sizing.name,
    warnings: [],
    started: context.clock.now(),
    result: '',
  });

  const folder = streamFolder(context, 'paper', request.stream);
  const release = await holdLock(join(folder, 'engine.lock.duckdb'), `The paper session "${request.stream}"`);
  try {
    const log = JournalLog.open({ folder });
    try {
      const { runId, hashes, strategies, build, version, capitalPaise } = header;
      const session = openJournaledSession(log, {
        id: runId,
        mode: 'paper',
        feed: request.feed,
        startedAt: context.clock.now(),
        capitalPaise,
        strategies: strategies.map(({ name }) => name),
        timeframe: header.timeframe,
        instruments: header.instruments.map(({ key }) => key),
        synthetic: header.instruments.some(({ synthetic }) => synthetic),
        charges: header.charges,
        sizing: header.sizing,
        product: header.product,
        fillRule: header.fillRule,
        hashes,
        version,
        build: build ?? null,
        // What the session can be played again from, when somebody asks why.
        request: asked,
        settings: context.config,
      });
      const isolation = isolationOf(context.config, 'session');
      const cast = { ...parts.cast, plan: { ...parts.cast.plan, begins, isolation } };
      const played = await play(context, cast, { log, session, speed, signal });
      return {
        ...played,
        mode: 'paper',
        stream: request.stream,
        session: session.id,
        resumed: session.entries.length,
        overnight: false,
        passed: false,
        capitalPaise,
        synthetic: header.instruments.some(({ synthetic }) => synthetic),
      };
    } finally {
      log.close();
    }
  } finally {
    release();
  }
}

async function play(
  { clock }: { readonly clock: TimerClock },
  { plan, fill, series, settlement, hookMsMax = 0 }: BacktestCast,
  {
    log,
    session,
    speed,
    signal,
  }: { log: JournalLog; session: JournaledSession; speed: number; signal: AbortSignal },
) {
  const journal = new SessionJournal(log, session.entries);
  const broker = new SimulatedBroker(fill, plan.rulebook.contracts, settlement);
  const hooks = new HookWatch(log, session.records, hookMsMax);
  const engine = new Engine(plan, { broker, journal, hooks });
  for (const each of series) {
    const slot = engine.watch(each.instrument, each.series);
    broker.open(each.instrument, slot, each.detail);
    for (const { strategy, params } of each.strategies) engine.run(strategy, params, slot);
  }
  const begins = plan.begins ?? Number.NEGATIVE_INFINITY;
  const known = Math.max(begins, session.markedUntil);
  const { account } = engine;
  const results = new SessionResults((fields) => log.append(fields, 'soon'), session.records);
  let playedOn = false;
  const marked = (time: EpochMs) => {
    if (time <= known) return;
    playedOn = true;
    results.marked(time, engine);
    log.append({ t: 'mark', time, equityPaise: account.equityPaise, positions: account.held.length }, 'soon');
    log.flush();
  };
  const feed = { series, calendar: plan.rulebook.calendar, clock, speed, signal, pacedFrom: () => known };
  const ended = await playPaced(feed, confinedListener(hooks.instantly(inOrder(broker, engine))), marked);
  if (ended) confined(() => engine.finish());
  // A session that was stopped before it came to where it had been knows less than is written.
  if (ended || playedOn) results.stopped(engine);
  const trades = engine.trades();
  const hash = resultHash(journal.entries, trades);
  if (ended)
    log.append(
      { t: 'session_end', reason: 'end-of-feed', equityPaise: account.equityPaise, hash },
      'durable',
    );
  return { ended, trades, refusals: engine.refusals(), equityPaise: account.equityPaise, hash };
}

/** A trader's code runs inside; between two marks the process is its own. */
function confinedListener(listener: MarketListener): MarketListener {
  return {
    barClosed: (series, row) => confined(() => listener.barClosed(series, row)),
    mark: (time) => confined(() => listener.mark(time)),
    barsClosed: (series, from, to) => confined(() => listener.barsClosed(series, from, to)),
  };
}

/** A session on a day without bars would do nothing and say it went well. */
function checkPlayed({ series }: BacktestCast, begins: EpochMs, feed: string): void {
  if (series.some(({ series: { time, length } }) => time[length - 1] >= begins)) return;
  throw new DataError(
    'DATA_MISSING',
    `No instrument has a bar on the days of ${feed}.`,
    'algo data list shows the days that are stored; algo calendar whether the market was open.',
  );
}
