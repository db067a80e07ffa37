import { z } from 'zod';
import { InvariantError } from '../domain/errors.ts';
import type { SandboxStanding } from '../reports/sandbox-text.ts';
import { askSandbox } from './sandbox-control.ts';
import type { SandboxAddress } from './sandbox-notice.ts';

const answer = z.object({
  now: z.string(),
  day: z.string(),
  speed: z.number(),
  paused: z.boolean(),
  instruments: z.number(),
  sessions: z.array(z.object({ user: z.string(), loginTime: z.string(), dies: z.string() })),
  sockets: z.number(),
  staticIp: z.boolean(),
});

/** What is done to its clock. */
export type ClockRequest =
  | { readonly action: 'speed'; readonly speed: number }
  | { readonly action: 'pause' }
  | { readonly action: 'resume' }
  | { readonly action: 'step'; readonly ms: number };

/** @throws what `askSandbox` throws */
export function sandboxState(address: SandboxAddress): Promise<SandboxStanding> {
  return standing(address, '/sandbox/state', {});
}

export function sandboxClock(address: SandboxAddress, request: ClockRequest): Promise<SandboxStanding> {
  return standing(address, '/sandbox/clock', request);
}

/** Asks it to come down; it answers how it stood. */
export function sandboxDown(address: SandboxAddress): Promise<SandboxStanding> {
  return standing(address, '/sandbox/down', {});
}

async function standing(address: SandboxAddress, path: string, body: unknown): Promise<SandboxStanding> {
  const { data, error } = answer.safeParse(await askSandbox(address, path, body));
  if (data) return { ...data, url: address.url };
  throw new InvariantError(
    'BUG_SANDBOX_ANSWER',
    'The sandbox answers in a form that this program does not know.',
    'Start the sandbox again with this version of algo.',
    error,
  );
}
