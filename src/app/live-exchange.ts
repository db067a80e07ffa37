import { KiteBroker } from '../adapters/kite/kite-broker.ts';
import type { KiteClient } from '../adapters/kite/kite-client.ts';
import { tagNonce } from '../adapters/kite/order-tag.ts';
import { confined } from '../adapters/system/confined.ts';
import { systemClock } from '../adapters/system/system-clock.ts';
import { systemWaiting } from '../adapters/system/waiting.ts';
import { BrokerError } from '../domain/errors.ts';
import type { InstrumentKey } from '../domain/instrument.ts';
import type { OrderEvent, OrderIntent } from '../domain/order.ts';
import { type EpochMs, istText, secondMs } from '../domain/time.ts';
import type { Broker, Clock, OrderListener, TimerClock } from '../engine/ports.ts';
import type { Context } from './context.ts';
import type { SessionDuties } from './feed-session.ts';
import { beat } from './heartbeat.ts';
import { killed } from './kill.ts';
import type { KillWatch } from './kill-watch.ts';
import { reconciled } from './reconcile.ts';
import type { SessionPlayer } from './session-player.ts';
import type { DayExchange, DayParts } from './trading-day.ts';
import { wireProtection } from './wire-protection.ts';

/** How long our positions and the broker's may differ before nothing more is opened: news of fills is on its way. */
const differenceMsMax = 30 * secondMs;

/** Longest that news of orders waits for the disk; what is about to leave waits for none. */
const newsMsMax = 50;

/**
 * The session shows each second that its loop turns. When it has not for so long, the computer slept or its clock was set, and what is
 * decided then is decided on prices of before.
 */
const stillMsMax = 5 * secondMs;
/** Within this a stream that fell silent meanwhile has been found mute. */
const wakingMs = 4 * secondMs;

/** Kite as the exchange of a live day. Nothing is sent before `begin`. */
export function liveExchange(
  context: Context,
  { stream, folder }: { readonly stream: string; readonly folder: string },
  parts: DayParts,
): DayExchange {
  return new LiveDay(context, stream, folder, parts);
}

class LiveDay implements DayExchange, SessionDuties {
  readonly exchange: DayExchange['exchange'];
  readonly #context: Context;
  readonly #folder: string;
  readonly #parts: DayParts;
  readonly #broker: KiteBroker;
  readonly #prices = new Map<InstrumentKey, number>();
  #client: KiteClient;
  #player: SessionPlayer | undefined;
  #kill: KillWatch | undefined;
  #fail: (error: unknown) => void = () => undefined;
  /** Failed before anybody listened. */
  #failure: unknown;
  #differsSince = Number.NaN;
  /** What the account held when the session began. */
  #held = new Map<string, number>();
  #beating = true;
  #beatAt = systemClock.now();
  #wokeAt = Number.NaN;
  #flushing = false;

  constructor(context: Context, stream: string, folder: string, parts: DayParts) {
    this.#context = context;
    this.#folder = folder;
    this.#parts = parts;
    this.#client = parts.door.client();
    const instruments = new Map(parts.found.map(({ instrument }) => [instrument.key, instrument]));
    const { cast } = parts;
    const { contracts } = cast.plan.rulebook;
    const instrumentOf = (key: InstrumentKey) => {
      const instrument = instruments.get(key);
      if (instrument) return instrument;
      throw new BrokerError('BROKER_INSTRUMENT', `${key} is not an instrument of this session.`);
    };
    this.#broker = new KiteBroker({
      kite: this.#client,
      clock: labelled(parts.door.clock, parts.door.base),
      rules: {
        instrument: instrumentOf,
        tick: (key, price) => contracts.tickSize(instrumentOf(key), parts.today, price),
        lastPrice: (key) => this.#prices.get(key),
        marketProtection: wireProtection(context.config),
        optionStopPercent: 5,
      },
      stream,
      nonce: tagNonce(systemWaiting.random()),
      record: (fields, durability) => {
        parts.log.append(fields, durability);
      },
      withheld: () => this.#withheld(),
      rearmFrom: (order, units) => this.#rearmFrom(order, units),
      dayOver: (key) => {
        const session = cast.plan.rulebook.calendar.session(instrumentOf(key), parts.today);
        return session !== undefined && parts.door.clock.now() >= session.close;
      },
      trouble: (code, why) => this.#trouble(code, why),
      failed: (error) => this.#failed(error),
      past: parts.log.records,
    });
    const heard = listening(this.#broker, () => this.#soonDurable());
    this.exchange = {
      broker: heard.broker,
      market: (engine) => engine,
      open: () => undefined,
      retell: heard.retell,
    };
  }

  /** Orders that were under way are looked up, then positions are compared: until they agree nothing is opened. */
  async begin(player: SessionPlayer, kill: KillWatch): Promise<SessionDuties> {
    this.#player = player;
    this.#kill = kill;
    this.#beat();
    if (player.engine.heldTrades().length > 0) this.#held = await this.#heldAtBroker(player);
    await this.#broker.start();
    await this.#reconcile();
    await this.look();
    // What the process before could not trust has been read anew.
    if (Number.isNaN(this.#wokeAt)) player.resume('HALT_CLOCK');
    return this;
  }

  async stop(): Promise<void> {
    this.#beating = false;
    await this.#broker.stop();
  }

  onFailure(fail: (error: unknown) => void): void {
    this.#fail = fail;
    if (this.#failure !== undefined) fail(this.#failure);
  }

  price(place: number, price: number): void {
    const { key } = this.#parts.places[place].instrument;
    this.#prices.set(key, price);
    this.#broker.touch(key, price);
  }

  hint(): void {
    this.#broker.hint();
  }

  async renewed(): Promise<void> {
    this.#client = this.#parts.door.client();
    await this.#broker.renewed(this.#client);
  }

  async look(): Promise<void> {
    this.#kill?.look();
    this.#player?.flush();
    await this.#reconcile();
    this.#awake();
  }

  settled(): boolean {
    return !this.#broker.standing.moving;
  }

  /** News of orders comes between two bars and is on the disk within 50 ms, in one go. */
  #soonDurable(): void {
    if (this.#flushing) return;
    this.#flushing = true;
    systemClock.at(systemClock.now() + newsMsMax, () => {
      this.#flushing = false;
      try {
        this.#player?.flush();
      } catch (error) {
        this.#failed(error);
      }
    });
  }

  #beat(): void {
    if (!this.#beating) return;
    this.#noticeStandstill();
    this.#beatAt = systemClock.now();
    beat(this.#folder, this.#beatAt);
    systemClock.at(systemClock.now() + secondMs, () => this.#beat());
  }

  /** Asked by whatever comes first after it. */
  #noticeStandstill(): void {
    const now = systemClock.now();
    const gapMs = now - this.#beatAt;
    if (gapMs <= stillMsMax && gapMs >= -secondMs) return;
    this.#beatAt = now;
    this.#wokeAt = now;
    const why = `this computer stood still or its clock was set: ${Math.round(gapMs / secondMs)} seconds passed at once`;
    if (this.#player?.halt('HALT_CLOCK', why)) this.#note(`Nothing is opened for a moment: ${why}.`);
  }

  #awake(): void {
    if (Number.isNaN(this.#wokeAt) || Math.abs(systemClock.now() - this.#wokeAt) < wakingMs) return;
    this.#wokeAt = Number.NaN;
    this.#player?.resume('HALT_CLOCK');
  }

  #withheld(): string | undefined {
    this.#noticeStandstill();
    const kill = killed(this.#context.folders);
    if (kill) return `trading is killed: ${kill.reason}`;
    const [halt] = this.#player?.halts.reasons() ?? [];
    return halt && `trading is halted: ${halt.why}`;
  }

  /** Units by instrument and product, negative for short; holdings count as delivery. */
  async #heldAtBroker(player: SessionPlayer): Promise<Map<string, number>> {
    const { net } = await this.#client.positions();
    const delivered = heldBy(player).some(({ product }) => product === 'CNC');
    const rows = reconciled(
      [{ positions: heldBy(player) }],
      net.filter(this.#isOurs),
      delivered ? await this.#client.holdings() : [],
    );
    return new Map(
      rows.map(({ symbol, product, broker, holdings }) => [`${symbol} ${product}`, broker + (holdings ?? 0)]),
    );
  }

  /** A stop goes out again with the market's opening, before which the exchange takes none; never for more than is held. */
  #rearmFrom(order: OrderIntent, units: number): EpochMs | undefined {
    const place = `${order.key} ${order.product}`;
    const held = this.#held.get(place) ?? 0;
    const left = order.side === 'SELL' ? held - units : held + units;
    if (held === 0 || left * held < 0) return undefined;
    // Several stops share what is held.
    this.#held.set(place, left);
    const { cast, found, today, door } = this.#parts;
    const instrument = found.find((each) => each.instrument.key === order.key)?.instrument;
    const session = instrument && cast.plan.rulebook.calendar.session(instrument, today);
    const from = Math.max(door.clock.now(), session?.open ?? Number.NEGATIVE_INFINITY);
    this.#note(
      `The ${order.role} of ${units} ${order.key} was an order of an earlier day and is placed again at ${istText(from)}.`,
    );
    return from;
  }

  /** Compares what the session holds with the broker's net positions. */
  async #reconcile(): Promise<void> {
    const player = this.#player;
    if (!player || player.halts.has('HALT_TOKEN')) return;
    let rows: ReturnType<typeof reconciled>;
    try {
      const { net } = await this.#client.positions();
      const ours = [{ positions: heldBy(player) }];
      rows = reconciled(ours, net.filter(this.#isOurs), []);
      // Shares that were bought on an earlier day are holdings and no positions.
      if (rows.some(({ state, product }) => state === 'MISMATCH' && product === 'CNC'))
        rows = reconciled(ours, net.filter(this.#isOurs), await this.#client.holdings());
    } catch (error) {
      this.#differs(player, `positions cannot be read (${error instanceof Error ? error.message : error})`);
      return;
    }
    const [first, ...others] = rows.filter(({ state }) => state === 'MISMATCH');
    if (!first) {
      this.#differsSince = Number.NaN;
      if (player.resume('HALT_RECONCILE')) this.#note('Our positions and the broker’s agree again.');
      return;
    }
    const more = others.length > 0 ? `, and ${others.length} more` : '';
    this.#differs(
      player,
      `the session holds ${first.journal} of ${first.symbol} (${first.product}), the broker says ${first.broker}${more}`,
    );
  }

  #differs(player: SessionPlayer, why: string): void {
    const now = systemClock.now();
    if (Number.isNaN(this.#differsSince)) this.#differsSince = now;
    // At the start nothing is on its way, so nothing is waited for.
    const settled = this.#broker.standing.open === 0 && this.#broker.standing.unknown === 0;
    if (now - this.#differsSince < differenceMsMax && !settled) return;
    if (!player.halt('HALT_RECONCILE', why)) return;
    player.record({ t: 'mismatch', why }, 'soon');
    this.#note(`Nothing is opened: ${why}. Fix: algo reconcile`);
  }

  /** Positions in instruments of other people's trades are none of ours. */
  readonly #isOurs = ({ exchange, tradingsymbol }: { exchange: string; tradingsymbol: string }): boolean =>
    this.#parts.found.some(({ instrument }) => instrument.key === `${exchange}:${tradingsymbol}`);

  #trouble(code: string, why: string): void {
    const player = this.#player;
    this.#note(`${code}: ${why}`);
    if (code === 'TOKEN_DEAD') player?.halt('HALT_TOKEN', "the broker's session is dead");
    if (code === 'MISMATCH') player?.halt('HALT_RECONCILE', why);
  }

  #failed(error: unknown): void {
    this.#failure = error;
    this.#fail(error);
  }

  #note(sentence: string): void {
    this.#context.output.note(sentence);
  }
}

function heldBy({ engine }: SessionPlayer) {
  return engine.heldTrades().map(({ key, product, direction, quantity }) => ({
    key,
    product,
    quantity: direction === 'LONG' ? quantity : -quantity,
  }));
}

/** The market's time for what is written down, this computer's for how long something is waited for. */
function labelled(market: Clock, base: TimerClock): TimerClock {
  return {
    now: () => market.now(),
    at: (time, wake) => base.at(base.now() + Math.max(0, time - market.now()), wake),
  };
}

/** The broker, and a way to tell its listener what a journal says it was told. */
function listening(
  broker: KiteBroker,
  told: () => void,
): {
  readonly broker: Broker;
  readonly retell: (event: OrderEvent) => void;
} {
  let listener: OrderListener | undefined;
  return {
    broker: {
      connect(given) {
        listener = given;
        broker.connect({
          orderEvent(event) {
            // A strategy hears of its fills.
            confined(() => given.orderEvent(event));
            told();
          },
        });
      },
      submit: (order) => broker.submit(order),
      modify: (id, change) => broker.modify(id, change),
      cancel: (id) => broker.cancel(id),
    },
    retell(event) {
      broker.retold(event);
      listener?.orderEvent(event);
    },
  };
}
