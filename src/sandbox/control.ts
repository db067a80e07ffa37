import { z } from 'zod';
import { isoInstant, istDate } from '../domain/time.ts';
import { controlFaults } from './faults/fault-control.ts';
import type { FaultPlan } from './faults/fault-plan.ts';
import type { Accounts } from './http/accounts.ts';
import type { Control } from './http/kite-server.ts';
import { KiteRefusal } from './http/route.ts';
import type { PlayedMarket } from './market/sandbox-market.ts';

/** What a person may know of a running sandbox. */
export interface SandboxState {
  /** ISO-8601 with +05:30. */
  readonly now: string;
  readonly day: string;
  readonly speed: number;
  readonly paused: boolean;
  readonly instruments: number;
  readonly sessions: readonly { readonly user: string; readonly loginTime: string; readonly dies: string }[];
  readonly sockets: number;
  readonly staticIp: boolean;
}

const clockRequest = z.discriminatedUnion('action', [
  z.strictObject({ action: z.literal('speed'), speed: z.number().gt(0).max(100_000) }),
  z.strictObject({ action: z.literal('pause') }),
  z.strictObject({ action: z.literal('resume') }),
  z.strictObject({
    action: z.literal('step'),
    ms: z
      .number()
      .min(0)
      .max(31 * 86_400_000),
  }),
]);
const tokenRequest = z.strictObject({ action: z.literal('kill'), user: z.string().optional() });
const ipRequest = z.strictObject({ refused: z.boolean() });

export interface ControlParts {
  readonly market: PlayedMarket;
  readonly accounts: Accounts;
  readonly faults: FaultPlan;
  /** Sandbox seconds in a second after `resume`. */
  readonly speed: number;
  readonly staticIp: { refused: boolean };
  sockets(): number;
  down(): void;
}

/** The paths below `/sandbox/`: state, clock, token, static-ip, faults, down. Each answers with the state, or with its own report. */
export function createControl(parts: ControlParts): Control {
  const { market, accounts, faults, staticIp } = parts;
  const { clock } = market;
  let resumed = parts.speed;

  function state(): SandboxState {
    return {
      now: isoInstant(clock.now()),
      day: istDate(market.hours.open),
      speed: clock.speed === 0 ? resumed : clock.speed,
      paused: clock.speed === 0,
      instruments: market.listed.length,
      sessions: accounts.living().map(({ account, loginTime, dies }) => ({
        user: account.userId,
        loginTime: isoInstant(loginTime),
        dies: isoInstant(dies),
      })),
      sockets: parts.sockets(),
      staticIp: staticIp.refused,
    };
  }

  async function setClock(body: unknown): Promise<SandboxState> {
    const request = checked(clockRequest, body);
    switch (request.action) {
      case 'speed':
        resumed = request.speed;
        if (clock.speed > 0) clock.setSpeed(resumed);
        break;
      case 'pause':
        clock.setSpeed(0);
        break;
      case 'resume':
        clock.setSpeed(resumed);
        break;
      case 'step':
        clock.step(request.ms);
        await clock.settled();
        break;
      default:
        return request satisfies never;
    }
    return state();
  }

  return (path, body) => {
    switch (path) {
      case '/sandbox/state':
        return state();
      case '/sandbox/clock':
        return setClock(body);
      case '/sandbox/token':
        return { killed: accounts.kill(checked(tokenRequest, body).user) };
      case '/sandbox/static-ip':
        staticIp.refused = checked(ipRequest, body).refused;
        return state();
      case '/sandbox/faults': {
        const answer = controlFaults(faults, body);
        if (typeof answer === 'string') throw new KiteRefusal('InputException', answer);
        return answer;
      }
      case '/sandbox/down':
        parts.down();
        return state();
      default:
        throw new KiteRefusal('GeneralException', 'Route not found', 404);
    }
  };
}

function checked<Shape>(schema: z.ZodType<Shape>, body: unknown): Shape {
  const { data, error } = schema.safeParse(body);
  if (data !== undefined) return data;
  const words = error?.issues.map(({ path, message }) => [...path, message].join(': ')).join('; ');
  throw new KiteRefusal('InputException', words ?? 'The body is not understood.');
}
