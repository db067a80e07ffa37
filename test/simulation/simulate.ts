import { readSegments } from '#src/adapters/journal/segments.ts';
import { recallSession } from '#src/app/recall-session.ts';
import { codeOf, messageOf } from '#src/domain/errors.ts';
import { secondMs } from '#src/domain/time.ts';
import { judgeJournal } from './journal-oracle.ts';
import { differenceOf, Oracle, type Violation } from './oracle.ts';
import { type Happening, type Plan, planOf } from './plan.ts';
import { type Ending, endingText, journalFolder, Program } from './program.ts';
import { SimulatedDisk, simulatedRoot } from './simulated-disk.ts';
import { isOver, SimulatedKite } from './simulated-kite.ts';
import { SimulatedMarket } from './simulated-market.ts';
import { SimulatedStream } from './simulated-stream.ts';
import { calmRest } from './simulated-wire.ts';
import { enter, World } from './world.ts';

export interface SeedResult {
  readonly seed: number;
  readonly violations: readonly Violation[];
  /** SHA-256 of everything that happened. */
  readonly hash: string;
  readonly fired: ReadonlyMap<string, number>;
  readonly log: readonly string[];
  readonly simulatedMs: number;
  readonly lives: number;
  readonly orders: number;
  readonly trades: number;
  readonly checks: number;
}

export interface SeedOptions {
  readonly seed: number;
  /** Folder of the program, for its tables of rules. */
  readonly root: string;
  readonly faults?: boolean;
  /** Keeps the whole log rather than its end. */
  readonly trace?: boolean;
}

const killFile = `${simulatedRoot}/data/KILL`;
/** How long before the session's end everything is closed, where it is. */
const flattenMs = 150 * secondMs;

/** Plays one seed to the end of its day and judges it. */
export async function simulate(options: SeedOptions): Promise<SeedResult> {
  const plan = planOf(options.seed, options.faults === undefined ? {} : { faults: options.faults });
  const world = new World(options.seed, plan.begins, options.trace ?? false);
  const disk = new SimulatedDisk(world);
  world.disk = disk;
  enter(world);
  const hours = { open: plan.opens, close: plan.until + 60_000 };
  const market = new SimulatedMarket(world, plan.instruments, hours);
  const kite = new SimulatedKite(world, market);
  kite.faults = plan.exchange;
  const stream = new SimulatedStream(world, kite);
  stream.faults = plan.stream;
  const program = new Program(world, plan, kite, options.root);
  const day = new SimulatedDay(world, plan, { disk, kite, stream, program });
  await day.play();
  return {
    seed: options.seed,
    violations: day.oracle.violations,
    hash: world.hash(),
    fired: world.fired,
    log: world.traced,
    simulatedMs: world.mono,
    lives: world.lives,
    orders: kite.orders.length,
    trades: kite.trades.length,
    checks: day.oracle.checks,
  };
}

interface Parts {
  readonly disk: SimulatedDisk;
  readonly kite: SimulatedKite;
  readonly stream: SimulatedStream;
  readonly program: Program;
}

class SimulatedDay {
  readonly oracle: Oracle;
  readonly #world: World;
  readonly #plan: Plan;
  readonly #parts: Parts;
  readonly #draw: () => number;
  #over = false;
  #calm = false;
  /** Somebody else has traded in the session's instruments: books need not agree any more. */
  #disturbed = false;
  #tokenToldAt = Number.NaN;
  #startedAt = 0;
  #sickDisk = false;

  constructor(world: World, plan: Plan, parts: Parts) {
    this.#world = world;
    this.#plan = plan;
    this.#parts = parts;
    this.#draw = world.chance('day');
    this.oracle = new Oracle(world, plan, parts.kite, {
      killed: () => parts.disk.exists(killFile),
      tokenKnownDead: () => world.mono - this.#tokenToldAt > secondMs,
      heardAt: () => parts.stream.heardAt,
      byzantine: false,
    });
  }

  async play(): Promise<void> {
    const { kite, stream, program } = this.#parts;
    const world = this.#world;
    const plan = this.#plan;
    const from = (instant: number) => instant - plan.begins;
    kite.market.onSecond = () => stream.ticks(kite.market.listed);
    kite.onTaken = (order) => this.oracle.taken(order);
    stream.taken = (token) => token === program.token;
    program.onSent = (request) => this.oracle.sent(request);
    program.onEnd = (ending) => this.#ended(ending);
    world.onDeath = (power) => this.#died(power);
    world.onCrash = (error) => {
      if (!this.#mayEndWith(error)) this.oracle.fail('INV-20', `nobody catches ${messageOf(error)}`);
    };
    kite.market.begin();
    stream.begin();
    this.#parts.disk.faults.slowSyncMs = plan.slowSyncMs;
    for (const happening of plan.happenings)
      world.after(from(plan.opens) + happening.at, () => this.#happens(happening));
    world.after(from(plan.calmFrom), () => this.#becomeCalm());
    if (plan.flattens)
      world.after(from(plan.until) - flattenMs, () => this.#killSwitch('the simulation ends', true));
    const look = () => {
      if (this.#over) return;
      const healthy = this.#calm && world.mono - this.#startedAt > 60_000 && !this.#disturbed;
      this.oracle.look(healthy);
      world.after(5 * secondMs, look);
    };
    world.after(5 * secondMs, look);
    world.after(from(plan.until) - 2 * secondMs, () => this.#atRest());
    this.#start();
    await world.run(from(plan.until) + 120 * secondMs, () => !this.#over);
    if (!this.#over) this.oracle.fail('INV-20', 'the session has not ended two minutes after its end');
    await this.#judge();
  }

  #start(): void {
    this.#startedAt = this.#world.mono;
    this.#sickDisk = this.#parts.disk.faults.kind !== undefined;
    this.#parts.program.start();
  }

  #died(power: boolean): void {
    this.#parts.disk.crashed(power);
    this.#parts.stream.reset();
    this.#again(this.#plan.restartMs * (0.5 + this.#draw()));
  }

  #again(ms: number): void {
    const soon = this.#calm ? Math.min(ms, 5_000) : ms;
    this.#world.after(soon, () => {
      if (this.#over || this.#world.alive) return;
      if (this.#parts.disk.faults.kind !== undefined) this.#mend();
      this.#start();
    });
  }

  /** The program ended by itself: at the day's end, because it was told to, or with an error. */
  #ended(ending: Ending): void {
    const world = this.#world;
    world.trace(`program ends: ${endingText(ending)}`);
    world.life = 0;
    this.#parts.disk.crashed(false);
    this.#parts.stream.reset();
    const { error, report } = ending;
    if (error !== undefined && !this.#mayEndWith(error))
      this.oracle.fail(blameOf(error), `the program ends with ${endingText(ending)}`);
    const late = world.time >= this.#plan.until - 10 * secondMs;
    if (report?.ended || report?.overnight || (late && report !== undefined)) this.#over = true;
    else this.#again(error === undefined ? 5_000 : 20_000);
  }

  #mayEndWith(error: unknown): boolean {
    const code = codeOf(error) ?? '';
    if (code === 'DATA_JOURNAL_WRITE') return this.#sickDisk || this.#parts.disk.faults.kind !== undefined;
    if (code === 'AUTH_TOKEN') return this.#parts.program.token !== this.#parts.program.login || !this.#calm;
    // Kite does not answer while the session begins; whoever started it starts it again.
    return code.startsWith('BROKER_') && !this.#calm;
  }

  #happens(happening: Happening): void {
    const world = this.#world;
    const { program, disk } = this.#parts;
    if (this.#over) return;
    const { what } = happening;
    world.trace(`world: ${what}`);
    if (what !== 'kill-at-point') world.count(`happens:${what}`);
    switch (what) {
      case 'kill-process':
        world.die(happening.power, 'at random');
        return;
      case 'kill-at-point':
        world.deathAt = { point: happening.point, power: happening.power, skip: happening.skip };
        // These are passed while the program begins.
        if (happening.point.startsWith('during') || happening.point === 'after-rename')
          world.die(false, `to die ${happening.point}`);
        return;
      case 'stop-process':
        if (world.alive) program.askToStop();
        return;
      case 'freeze':
        world.block(happening.ms);
        return;
      case 'token-dies':
        program.token = 'nobody has it';
        world.after(happening.loginAfterMs, () => {
          program.login = program.token = `day1-${world.mono}`;
          this.#tokenToldAt = Number.NaN;
          world.trace('world: somebody logs in');
        });
        return;
      case 'disk':
        disk.faults.kind = happening.kind;
        disk.faults.failAfter = Math.floor(this.#draw() * 30);
        return;
      case 'wall-jump':
        world.wallShift += happening.ms;
        return;
      case 'hand-order':
        this.#byHand(happening.own);
        return;
      case 'broker-squares-off':
        this.#squareOff();
        return;
      case 'kill-switch':
        this.#killSwitch('somebody said so', happening.flatten);
        if (Number.isFinite(happening.releaseAfterMs))
          world.after(happening.releaseAfterMs, () => {
            if (world.time > this.#plan.until - flattenMs) return;
            disk.place(killFile, undefined);
            world.trace('world: the kill is released');
          });
        return;
      default:
        happening satisfies never;
    }
  }

  #killSwitch(reason: string, flatten: boolean): void {
    if (this.#over) return;
    this.#world.trace(`world: algo kill${flatten ? ' --flatten' : ''}`);
    const kill = { reason, at: null, cancel: true, flatten };
    this.#parts.disk.place(killFile, `${JSON.stringify(kill)}\n`);
  }

  /** A person trades: in an instrument of the session's, or in another product that it does not know. */
  #byHand(own: boolean): void {
    const { kite } = this.#parts;
    const [{ instrument }] = kite.market.listed;
    if (own) this.#disturbed = true;
    const form = {
      ...{
        exchange: instrument.exchange,
        transaction_type: this.#draw() < 0.5 ? 'BUY' : 'SELL',
        quantity: '7',
      },
      ...{ tradingsymbol: own ? instrument.tradingsymbol : 'NOT OURS', product: 'MIS', order_type: 'MARKET' },
      validity: 'DAY',
    };
    kite.place(new URLSearchParams(form));
  }

  /** As the broker's risk management does: intraday orders are cancelled, positions closed. */
  #squareOff(): void {
    const { kite } = this.#parts;
    this.#disturbed = true;
    kite.cancelAll('MIS');
    for (const [name, units] of kite.net()) {
      const [key = '', product = ''] = name.split(' ');
      const [exchange = '', tradingsymbol = ''] = key.split(':');
      if (units === 0) continue;
      const side = units > 0 ? 'SELL' : 'BUY';
      kite.place(
        new URLSearchParams({
          ...{ exchange, tradingsymbol, product, transaction_type: side, quantity: String(Math.abs(units)) },
          ...{ order_type: 'MARKET', validity: 'DAY' },
        }),
      );
    }
  }

  #mend(): void {
    const { disk } = this.#parts;
    disk.faults.kind = undefined;
    disk.faults.failAfter = 0;
  }

  /** Faults end: from here on everything has to come to rest. */
  #becomeCalm(): void {
    const { disk, kite, stream, program } = this.#parts;
    this.#world.trace('world: faults end');
    this.#calm = true;
    this.#world.deathAt = undefined;
    this.#mend();
    disk.faults.slowSyncMs = 0;
    kite.faults = {
      ...{ partial: 0, rejectAtExchange: 0, rejectAfterOpen: 0, slowMs: 60 },
      ...{ fillWhileCancelling: 0, modifyRefused: 0 },
    };
    stream.calm();
    program.calm(calmRest);
    if (program.token !== program.login) program.login = program.token = 'day1-calm';
    this.#tokenToldAt = Number.NaN;
    if (!this.#world.alive && !this.#over) this.#again(1_000);
    disk.place(killFile, undefined);
  }

  /** INV-05, 12 and 20, at the end of the calm. */
  #atRest(): void {
    if (this.#over || this.#disturbed) return;
    const { kite } = this.#parts;
    this.oracle.journal.refresh();
    if (!this.#world.alive) {
      this.oracle.fail('INV-20', 'the program does not run at the end');
      return;
    }
    const standing = this.oracle.halts();
    const expected = new Set(['HALT_LOSS', 'HALT_BREAKER', ...(this.#plan.flattens ? ['HALT_KILL'] : [])]);
    for (const code of standing)
      if (!expected.has(code)) this.oracle.fail('INV-20', `${code} stands long after faults have ended`);
    for (const id of this.#undecided()) this.oracle.fail('INV-20', `nobody knows what became of order ${id}`);
    if (!this.#plan.flattens) return;
    const live = kite.orders.filter((order) => !isOver(order));
    if (live.length > 0) this.oracle.fail('INV-12', `${live[0].id} lives on after a kill with --flatten`);
    for (const [name, units] of kite.net())
      if (units !== 0) this.oracle.fail('INV-12', `${units} of ${name} are held after a kill with --flatten`);
    const differs = differenceOf(this.oracle.held(), kite.net());
    if (differs) this.oracle.fail('INV-05', differs);
  }

  /** Orders that were sent and of which neither an id nor an end is known, though they left long ago. */
  #undecided(): readonly number[] {
    const open = new Map<string, { id: number; time: number }>();
    for (const { t, tag, id, time } of this.oracle.journal.records) {
      if (t === 'sent') open.set(String(tag), { id: Number(id), time: Number(time) });
      else if (['ack', 'leg_over', 'not_sent', 'not_placed'].includes(t)) open.delete(String(tag));
    }
    const now = this.#world.time + this.#world.wallShift;
    return [...open.values()].filter(({ time }) => now - time > 200 * secondMs).map(({ id }) => id);
  }

  /** Over the whole journal, once the day is done. */
  async #judge(): Promise<void> {
    const { kite } = this.#parts;
    const fail = (invariant: string, what: string) => this.oracle.fail(invariant, what);
    this.oracle.journal.refresh();
    judgeJournal(this.oracle.journal.records, kite, fail);
    if (!this.#disturbed && differsForGood(this.oracle, kite))
      fail('INV-05', `at the end ${differenceOf(this.oracle.held(), kite.net())}`);
    const segments = readSegments(journalFolder);
    for (const { faults } of segments) for (const fault of faults) fail('INV-08', `the journal ${fault}`);
    const records = segments.flatMap((segment) => segment.records);
    const start = records.findLastIndex(({ t }) => t === 'session');
    if (start >= 0) await this.#replay(records.slice(start));
  }

  /** INV-08 and 22: the whole of it, and as far as some instant, does again what it did. */
  async #replay(records: ReturnType<typeof readSegments>[number]['records']): Promise<void> {
    const [session] = records;
    const kept = 2 + Math.floor(this.#draw() * (records.length - 2));
    for (const some of [records, records.slice(0, kept)]) {
      try {
        await recallSession(
          this.#parts.program.context,
          {
            ...{ kind: 'live', id: String(session.id), folder: journalFolder, records: some },
            request: Object(session.request),
            settings: Object(session.settings),
            ...{ name: 'The simulated session', fix: '' },
          },
          () => false,
        );
      } catch (error) {
        this.oracle.fail(
          'INV-08',
          `${some.length} of ${records.length} records do not replay: ${messageOf(error)}`,
        );
      }
    }
  }
}

/** What stands open at the end may still be on its way: only what no order can explain counts. */
function differsForGood(oracle: Oracle, kite: SimulatedKite): boolean {
  const last = kite.trades.at(-1);
  const fresh =
    last !== undefined && kite.market.listed.some(({ lastTime }) => lastTime - last.time < 15_000);
  return !fresh && differenceOf(oracle.held(), kite.net()) !== undefined;
}

function blameOf(error: unknown): string {
  const code = codeOf(error) ?? '';
  if (code === 'CHECK_REPLAY' || code === 'CHECK_SESSION' || code === 'DATA_JOURNAL') return 'INV-08';
  return code.startsWith('BUG_') ? 'INV-03' : 'INV-20';
}
