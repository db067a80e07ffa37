/** What the process exits with, by kind of failure. Scripts and cron rely on these numbers. */
export const exitCodes = {
  ok: 0,
  unexpected: 1,
  usage: 2,
  config: 3,
  auth: 4,
  data: 5,
  broker: 6,
  risk: 7,
  check: 8,
  strategy: 9,
  invariant: 70,
  running: 75,
  interrupted: 130,
} as const;

/**
 * A failure a person can act on: `message` says what happened, to what, with which value; `fix` says what to do.
 * Recognise errors by `code`, never by `instanceof`: realms and bundles make that lie.
 */
export class AlgoError extends Error {
  readonly code: string;
  readonly exitCode: number;
  readonly fix: string | undefined;

  constructor(exitCode: number, code: string, message: string, fix?: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = new.target.name;
    this.code = code;
    this.exitCode = exitCode;
    this.fix = fix;
  }
}

/** Flags and arguments. Codes start with USAGE_. */
export class UsageError extends AlgoError {
  constructor(code: string, message: string, fix?: string, cause?: unknown) {
    super(exitCodes.usage, code, message, fix, cause);
  }
}

/** YAML, environment, parameters; all problems at once. Codes start with CONFIG_ (or INDICATOR_, PARAM_). */
export class ConfigError extends AlgoError {
  constructor(code: string, message: string, fix?: string, cause?: unknown) {
    super(exitCodes.config, code, message, fix, cause);
  }
}

/** No token, or yesterday's. Codes start with AUTH_. */
export class AuthError extends AlgoError {
  constructor(code: string, message: string, fix?: string, cause?: unknown) {
    super(exitCodes.auth, code, message, fix, cause);
  }
}

/** Missing, stale or contradictory history or rules. Codes start with DATA_ or RULE_. */
export class DataError extends AlgoError {
  constructor(code: string, message: string, fix?: string, cause?: unknown) {
    super(exitCodes.data, code, message, fix, cause);
  }
}

/** Broker unreachable, rate limited, under maintenance. Codes start with BROKER_. */
export class BrokerError extends AlgoError {
  constructor(code: string, message: string, fix?: string, cause?: unknown) {
    super(exitCodes.broker, code, message, fix, cause);
  }
}

/** Trading halted on purpose. Codes start with RISK_. */
export class RiskStop extends AlgoError {
  constructor(code: string, message: string, fix?: string, cause?: unknown) {
    super(exitCodes.risk, code, message, fix, cause);
  }
}

/** A verify, bias, parity or reconcile command found a fault. Codes start with CHECK_. */
export class CheckFailed extends AlgoError {
  constructor(code: string, message: string, fix?: string, cause?: unknown) {
    super(exitCodes.check, code, message, fix, cause);
  }
}

/** A strategy threw or asked for nonsense; names strategy, instrument, bar. Codes start with STRATEGY_. */
export class StrategyError extends AlgoError {
  constructor(code: string, message: string, fix?: string, cause?: unknown) {
    super(exitCodes.strategy, code, message, fix, cause);
  }
}

/** Our own promise broken: stop at once, keep the journal. Codes start with BUG_. */
export class InvariantError extends AlgoError {
  constructor(code: string, message: string, fix?: string, cause?: unknown) {
    super(exitCodes.invariant, code, message, fix, cause);
  }
}

/** A failure of ours, told by its shape: a bundle may hold the class twice, and realms make `instanceof` lie. */
export function isAlgoError(error: unknown): error is AlgoError {
  return codeOf(error) !== '' && typeof Reflect.get(Object(error), 'exitCode') === 'number';
}

/** What a failure is recognised by, ours or the system's (`DATA_MISSING`, `ENOENT`); empty when it has no code. */
export function codeOf(error: unknown): string {
  return String(Reflect.get(Object(error), 'code') ?? '');
}

/** What a failure says of itself, whatever was thrown. */
export function messageOf(error: unknown): string {
  const message: unknown = Reflect.get(Object(error), 'message');
  return typeof message === 'string' ? message : String(error);
}

/** States a fact the code relies on. One fact per assertion; the message is the fact. */
export function assert(fact: boolean, message: string): asserts fact {
  if (!fact)
    throw new InvariantError(
      'BUG_ASSERTION',
      `Broken promise: ${message}`,
      'Please report this with the command you ran.',
    );
}
