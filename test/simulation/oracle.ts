import { minuteMs, secondMs } from '#src/domain/time.ts';
import { idOfTag, JournalReader, type Written } from './journal-reader.ts';
import type { Plan } from './plan.ts';
import { type BookedOrder, isOver, type SimulatedKite } from './simulated-kite.ts';
import type { SentRequest } from './simulated-wire.ts';
import type { World } from './world.ts';

export interface Violation {
  readonly invariant: string;
  readonly at: number;
  readonly what: string;
}

/** Kite's limits, K7 of the specification; written here anew so that a slip in the program's own table shows. */
const limits = { promised: 5, second: 10, minute: 400, day: 5_000, modifications: 25 };
/** When the broker begins to square off intraday positions: 15:20. */
const squareOffMinute = 920;

interface Intent {
  readonly id: number;
  readonly role: string;
  readonly side: string;
  readonly key: string;
  readonly strategy: string;
  readonly quantity: number;
  readonly price: number | null;
  readonly trigger: number | null;
  readonly time: number;
}

export interface Surroundings {
  /** A KILL file lies there. */
  killed(): boolean;
  /** The program has been told that its session is dead. */
  tokenKnownDead(): boolean;
  /** When anything came over the stream last. */
  heardAt(): number;
  /** Kite may take an order twice in this seed, which nobody can prevent. */
  readonly byzantine: boolean;
}

/** Judges every request as its first byte leaves, by the exchange's books and the bytes on the disk. */
export class Oracle {
  readonly violations: Violation[] = [];
  readonly journal: JournalReader;
  readonly #world: World;
  readonly #plan: Plan;
  readonly #kite: SimulatedKite;
  readonly #around: Surroundings;
  readonly #sent: number[] = [];
  readonly #sentBy = new Map<object, number[]>();
  readonly #posts = new Map<string, SentRequest>();
  readonly #changes = new Map<string, number>();
  #differsSince = Number.NaN;
  #nakedSince = new Map<string, number>();
  checks = 0;

  constructor(world: World, plan: Plan, kite: SimulatedKite, around: Surroundings) {
    this.#world = world;
    this.#plan = plan;
    this.#kite = kite;
    this.#around = around;
    this.journal = new JournalReader(world.disk);
  }

  fail(invariant: string, what: string): void {
    if (this.violations.filter((each) => each.invariant === invariant).length < 2)
      this.violations.push({ invariant, at: this.#world.mono, what });
    this.#world.trace(`VIOLATION ${invariant}: ${what}`);
  }

  /** Any request of an order, as its first byte leaves. */
  sent(request: SentRequest): void {
    this.checks += 1;
    this.#rates(request);
    if (request.method !== 'POST') {
      const [, , , id = ''] = request.path.split('/');
      if (request.method !== 'PUT') return;
      const times = (this.#changes.get(id) ?? 0) + 1;
      this.#changes.set(id, times);
      if (times > limits.modifications) this.fail('INV-13', `order ${id} is changed for the ${times}th time`);
      this.#constraints(request, undefined);
      return;
    }
    const durable = this.journal.refresh();
    const tag = request.form.get('tag') ?? '';
    const intent = this.#recorded(tag, durable);
    if (intent === undefined) return;
    this.#onlyOne(tag, intent);
    this.#constraints(request, intent);
    if (intent.role === 'entry') this.#entry(request, intent);
    this.#posts.set(tag, request);
  }

  /** INV-01. Answers the intent of a tag. */
  #recorded(tag: string, durable: number): Intent | undefined {
    const { records } = this.journal;
    const sents = records.filter((each) => each.t === 'sent' && each.tag === tag);
    const id = idOfTag(tag);
    const intents = records.filter(({ t, order }) => t === 'intent' && Object(order).id === id);
    const unsent = records.filter((each) => each.t === 'not_sent' && each.tag === tag).length;
    if (sents.length !== unsent + 1 || intents.length !== 1)
      this.fail('INV-01', `${tag} leaves with ${intents.length} intents and ${sents.length} sent records`);
    else if (sents[unsent].end > durable || intents[0].end > durable)
      this.fail('INV-01', `${tag} leaves before its records are durable`);
    return intents[0]?.order as Intent | undefined;
  }

  /** INV-02: whatever an intent has asked for before has ended, or provably never was. */
  #onlyOne(tag: string, { id, role }: Intent): void {
    if (this.#posts.has(tag)) this.fail('INV-02', `${tag} is sent a second time`);
    const { records } = this.journal;
    for (const [before] of this.#posts) {
      if (idOfTag(before) !== id || before === tag) continue;
      const booked = this.#kite.orders.filter((order) => order.tag === before);
      const live = booked.find((order) => !isOver(order));
      if (live) this.fail('INV-02', `intent ${id} is sent again while ${live.id} of it is ${live.status}`);
      const known = records.some(
        (each) => each.tag === before && ['leg_over', 'not_sent', 'not_placed'].includes(each.t),
      );
      if (!known)
        this.fail('INV-02', `intent ${id} is sent again, and what became of ${before} is not recorded`);
      if (
        role === 'entry' &&
        booked.length > 0 &&
        !records.some((each) => each.t === 'modifications_spent' && each.tag === before)
      )
        this.fail('INV-02', `entry ${id} is sent again although ${booked[0].id} came of it`);
    }
  }

  /** An order was taken by the exchange. */
  taken(order: BookedOrder): void {
    if (order.tag === '') return;
    const twins = this.#kite.orders.filter(({ tag }) => tag === order.tag);
    if (twins.length > 1 && !this.#around.byzantine)
      this.fail('INV-02', `${twins.length} orders carry ${order.tag}`);
  }

  /** INV-10 and the order's own part of INV-11. */
  #constraints({ form, method }: SentRequest, intent: Intent | undefined): void {
    const listed = this.#kite.market.named(form.get('exchange') ?? '', form.get('tradingsymbol') ?? '');
    if (method === 'POST') {
      const quantity = Number(form.get('quantity'));
      if (listed === undefined) this.fail('INV-10', `an order for ${form.get('tradingsymbol')}`);
      if (!Number.isInteger(quantity) || quantity < 1) this.fail('INV-10', `an order of ${quantity} units`);
      if (intent && quantity > intent.quantity)
        this.fail('INV-10', `an order of ${quantity} units of an intent of ${intent.quantity}`);
      const product = intent?.strategy === 'supertrend' ? 'CNC' : 'MIS';
      if (form.get('product') !== product) this.fail('INV-10', `product ${form.get('product')}`);
      if (form.get('transaction_type') !== intent?.side) this.fail('INV-10', `side of ${form.get('tag')}`);
    }
    const market = ['MARKET', 'SL-M'].includes(form.get('order_type') ?? '');
    if (market && form.get('market_protection') === null)
      this.fail('INV-10', 'a market order without protection');
    for (const name of ['price', 'trigger_price']) {
      const paise = Number(form.get(name) ?? 0) * 100;
      if (Math.abs(paise - Math.round(paise)) > 1e-6 || Math.round(paise) % 5 !== 0 || paise < 0)
        this.fail('INV-10', `${name} ${form.get(name)} is not on the tick`);
      if (listed && paise > 0 && (paise > listed.upperCircuit || paise < listed.lowerCircuit))
        this.fail('INV-11', `${name} ${form.get(name)} is beyond the circuit`);
    }
  }

  #entry(request: SentRequest, intent: Intent): void {
    const { risk } = this.#plan.config;
    const { form, time } = request;
    const last =
      this.#kite.market.named(form.get('exchange') ?? '', form.get('tradingsymbol') ?? '')?.last ?? 0;
    const at = (intent.trigger ?? intent.price ?? last / 100) * 100;
    // The price may go some way between the decision and the first byte.
    if (risk.priceCollarPercent !== 'none' && Math.abs(at / last - 1) * 100 > risk.priceCollarPercent + 1.5)
      this.fail('INV-11', `entry ${intent.id} at ${at / 100} with the price at ${last / 100}`);
    if (
      risk.maxOrderValue !== 'none' &&
      (intent.quantity * Math.min(at, last)) / 100 > risk.maxOrderValue * 1.02
    )
      this.fail('INV-11', `entry ${intent.id} is worth more than ${risk.maxOrderValue}`);
    if (this.#around.killed()) this.fail('INV-12', `entry ${intent.id} leaves while trading is killed`);
    if (this.#around.tokenKnownDead()) this.fail('INV-16', `entry ${intent.id} leaves with a dead session`);
    const silent = this.#world.mono - this.#around.heardAt();
    if (silent > 5 * secondMs)
      this.fail('INV-16', `entry ${intent.id} leaves, the stream is silent for ${silent} ms`);
    for (const halt of this.halts()) this.fail('INV-16', `entry ${intent.id} leaves in spite of ${halt}`);
    if (this.#world.mono - this.#differsSince > 60 * secondMs)
      this.fail('INV-06', `entry ${intent.id} leaves, and the books differ since ${this.#differsSince}`);
    const minute = Math.floor(((time + 330 * minuteMs) % (1_440 * minuteMs)) / minuteMs);
    const end = form.get('product') === 'MIS' ? squareOffMinute : 930;
    if (minute < 555 || minute >= end)
      this.fail('INV-15', `entry ${intent.id} in minute ${minute} of the day`);
    this.#throttles(intent);
    this.#exposure(intent, last);
  }

  /** INV-14 and the counters of INV-09: by what is on the disk, of all lives. */
  #throttles(intent: Intent): void {
    const { maxEntriesPerDay, maxEntriesPerMinute } = this.#plan.config.risk;
    const entries = this.journal.records
      .filter(({ t, order }) => t === 'intent' && Object(order).role === 'entry')
      .map(({ order }) => order as Intent);
    const minute = entries.filter(({ time }) => time > intent.time - minuteMs && time <= intent.time).length;
    if (maxEntriesPerMinute !== 'none' && minute > maxEntriesPerMinute)
      this.fail('INV-14', `${minute} entries within a minute, ${maxEntriesPerMinute} are allowed`);
    const filled = new Set(this.#kite.trades.map(({ order }) => idOfTag(order.tag)));
    const today = entries.filter(({ id }) => filled.has(id) || id === intent.id).length;
    if (maxEntriesPerDay !== 'none' && today > maxEntriesPerDay)
      this.fail('INV-09', `${today} entries today, ${maxEntriesPerDay} are allowed`);
  }

  /** INV-09 by the exchange's own books: what is held, what may still fill, and what is about to leave. */
  #exposure(intent: Intent, last: number): void {
    const { maxOpenPositions, maxPositionValuePercent } = this.#plan.config.risk;
    const held = new Map<string, number>();
    const add = (key: string, units: number) => held.set(key, (held.get(key) ?? 0) + units);
    for (const [name, units] of this.#kite.net()) add(name.split(' ')[0], units);
    // A position that is being left counts as gone: its place may be taken on the same bar.
    const leaving = this.#leaving();
    const open = new Set(
      [...held].filter(([key, units]) => units !== 0 && !leaving.has(key)).map(([key]) => key),
    );
    open.add(intent.key);
    const waiting = this.#kite.orders.filter((order) => !isOver(order) && this.roleOf(order) === 'entry');
    for (const order of waiting) open.add(order.listed.instrument.key);
    if (open.size > maxOpenPositions)
      this.fail('INV-09', `${open.size} instruments are open or entered, ${maxOpenPositions} are allowed`);
    const direction = intent.side === 'BUY' ? 1 : -1;
    const pending = waiting
      .filter((order) => order.listed.instrument.key === intent.key && order.side === intent.side)
      .reduce((sum, order) => sum + order.quantity - order.filled, intent.quantity);
    const worst = Math.max(0, (held.get(intent.key) ?? 0) * direction) + pending;
    const most = (this.#plan.config.capital * maxPositionValuePercent) / 100;
    if ((worst * last) / 100 > most * 1.1)
      this.fail('INV-09', `${worst} units of ${intent.key} would be worth more than ${most}`);
  }

  /** Instruments of which an exit at market is under way, by the journal. */
  #leaving(): ReadonlySet<string> {
    const keys = new Map<number, string>();
    for (const { t, order, event } of this.journal.records) {
      const { id, role, key } = Object(order);
      if (t === 'intent' && !['entry', 'stop', 'target', 'trail'].includes(role)) keys.set(id, key);
      const { type, id: told } = Object(event);
      if (t === 'order' && (type === 'cancelled' || type === 'rejected')) keys.delete(told);
    }
    return new Set(keys.values());
  }

  /** INV-13 in any window, refused requests included; each client of the program promises half of what Kite allows. */
  #rates({ time, client }: SentRequest): void {
    const sent = this.#sent;
    sent.push(time);
    const own = this.#sentBy.get(client) ?? [];
    this.#sentBy.set(client, own);
    own.push(time);
    if (own.length > limits.promised && time - own[own.length - 1 - limits.promised] < secondMs)
      this.fail('INV-13', `${limits.promised + 1} order requests of one client within a second`);
    for (const [windowMs, most] of [
      [secondMs, limits.second],
      [minuteMs, limits.minute],
      [1_440 * minuteMs, limits.day],
    ])
      if (sent.length > most && time - sent[sent.length - 1 - most] < windowMs)
        this.fail('INV-13', `${most + 1} order requests within ${windowMs} ms`);
  }

  /** Every few seconds: do the journal and the exchange say the same, and is what is held protected? */
  look(healthy: boolean): void {
    this.checks += 1;
    const { mono, alive } = this.#world;
    this.journal.refresh();
    const differs = alive && differenceOf(this.held(), this.#kite.net()) !== undefined;
    if (!differs) this.#differsSince = Number.NaN;
    else if (Number.isNaN(this.#differsSince)) this.#differsSince = mono;
    const since = mono - this.#differsSince;
    if (
      since > (healthy ? 45 : 120) * secondMs &&
      !this.halts().some((code) => code === 'HALT_RECONCILE' || code === 'HALT_TOKEN')
    )
      this.fail(
        'INV-06',
        `${differenceOf(this.held(), this.#kite.net())} for ${since} ms, and nothing is halted`,
      );
    this.#protection(healthy);
  }

  /** INV-17, where there is one strategy, and each of its entries has a stop. */
  #protection(healthy: boolean): void {
    const { strategies } = this.#plan;
    const { mono, alive } = this.#world;
    if (strategies.length > 1 || !alive) {
      this.#nakedSince.clear();
      return;
    }
    for (const [name, units] of this.#kite.net(({ order }) => order.tag !== '')) {
      const covering = this.#kite.orders
        .filter((order) => !isOver(order) && order.side === (units > 0 ? 'SELL' : 'BUY'))
        .filter(
          (order) =>
            `${order.listed.instrument.key} ${order.product}` === name && this.roleOf(order) !== 'entry',
        )
        .reduce((sum, order) => sum + order.quantity - order.filled, 0);
      if (units === 0 || covering >= Math.abs(units)) this.#nakedSince.delete(name);
      else if (!this.#nakedSince.has(name)) this.#nakedSince.set(name, mono);
      else if (healthy && mono - (this.#nakedSince.get(name) ?? mono) > 40 * secondMs) {
        const since = this.#nakedSince.get(name) ?? mono;
        const told = this.journal.records.some(({ t }) => t === 'trouble' || t === 'mismatch');
        if (!told && this.halts().length === 0)
          this.fail(
            'INV-17',
            `${units} of ${name} stand without protection since ${since}, and nobody was told`,
          );
      }
    }
  }

  /** Units by instrument and product, as the fills in the journal add up. */
  held(): ReadonlyMap<string, number> {
    const intents = new Map<number, Intent & { product: string }>();
    const held = new Map<string, number>();
    for (const { t, order, event } of this.journal.records) {
      if (t === 'intent') intents.set(Object(order).id, Object(order));
      const { type, id, quantity } = Object(event);
      const intent = t === 'order' && type === 'filled' ? intents.get(id) : undefined;
      if (intent === undefined) continue;
      const name = `${intent.key} ${intent.product}`;
      held.set(name, (held.get(name) ?? 0) + (intent.side === 'BUY' ? quantity : -quantity));
    }
    return held;
  }

  /** Codes of what stops entries, by the journal. */
  halts(): readonly string[] {
    const standing = new Set<string>();
    for (const { t, code, why } of this.journal.records) {
      if (t !== 'halt') continue;
      if (why === null) standing.delete(String(code));
      else standing.add(String(code));
    }
    return [...standing];
  }

  roleOf({ tag }: BookedOrder): string | undefined {
    const id = idOfTag(tag);
    const intent = this.journal.records.find(({ t, order }) => t === 'intent' && Object(order).id === id);
    return intent && String(Object(intent.order).role);
  }
}

/** The first instrument of which two books say something else. */
export function differenceOf(
  journal: ReadonlyMap<string, number>,
  exchange: ReadonlyMap<string, number>,
): string | undefined {
  for (const name of new Set([...journal.keys(), ...exchange.keys()])) {
    const [ours, theirs] = [journal.get(name) ?? 0, exchange.get(name) ?? 0];
    if (ours !== theirs) return `the journal holds ${ours} of ${name}, the exchange ${theirs}`;
  }
  return undefined;
}

export type { Intent, Written };
