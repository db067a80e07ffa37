import type { EpochMs } from '../../domain/time.ts';
import { type FaultName, faultKindOf } from './fault-names.ts';

/** One fault, switched on. What is left out does not narrow it. */
export interface FaultRule {
  readonly name: FaultName;
  /** Chance that an event it applies to is struck, 0 to 1; 1 when absent. */
  readonly probability?: number | undefined;
  /** Strikes so many times at most. */
  readonly count?: number | undefined;
  /** First parts of the path: `orders`, `orders/regular`, `historical`. Requests and replies only. */
  readonly path?: string | undefined;
  readonly method?: string | undefined;
  /** Whose requests, frames and sockets. */
  readonly user?: string | undefined;
  /** Ends so long after it was set, in milliseconds of the sandbox's clock. */
  readonly forMs?: number | undefined;
  /** Milliseconds, status, byte or times, as the fault says. */
  readonly value?: number | undefined;
}

/** What a rule has done so far, for people. */
export interface FaultReport extends FaultRule {
  readonly about: string;
  readonly applied: number;
  readonly struck: number;
}

/** Where an event happens; a rule applies when nothing it names differs. */
export interface FaultSite {
  readonly method?: string;
  readonly path?: string;
  readonly user?: string | undefined;
}

/** A rule with its count and its end. */
export class ActiveFault {
  readonly rule: FaultRule;
  readonly #until: EpochMs;
  readonly #chance: () => number;
  #applied = 0;
  #struck = 0;

  constructor(rule: FaultRule, now: EpochMs, chance: () => number) {
    this.rule = rule;
    this.#until = rule.forMs === undefined ? Number.POSITIVE_INFINITY : now + rule.forMs;
    this.#chance = chance;
  }

  get value(): number {
    return this.rule.value ?? faultKindOf(this.rule.name).value?.usual ?? 0;
  }

  isOver(now: EpochMs): boolean {
    return now >= this.#until || (this.rule.count !== undefined && this.#struck >= this.rule.count);
  }

  /** One draw for every event that the rule applies to, in the order they happen. */
  draws(site: FaultSite, now: EpochMs): boolean {
    if (this.isOver(now) || !applies(this.rule, site)) return false;
    this.#applied += 1;
    return this.#chance() < (this.rule.probability ?? 1);
  }

  /** What was drawn has happened. */
  strike(): void {
    this.#struck += 1;
  }

  report(): FaultReport {
    const { about } = faultKindOf(this.rule.name);
    return { ...this.rule, about, applied: this.#applied, struck: this.#struck };
  }
}

function applies({ method, path, user }: FaultRule, site: FaultSite): boolean {
  return (
    (method === undefined || method === site.method) &&
    (user === undefined || user === site.user) &&
    (path === undefined || isBelow(site.path ?? '', path))
  );
}

function isBelow(path: string, wanted: string): boolean {
  const parts = partsOf(path);
  // Candles live below /instruments on the wire; people call them historical.
  const first = wanted === 'historical' ? ['instruments', 'historical'] : partsOf(wanted);
  return first.every((part, index) => parts[index] === part);
}

function partsOf(path: string): string[] {
  return path.split('/').filter((part) => part !== '');
}
