import { z } from 'zod';
import { InvariantError } from '../domain/errors.ts';
import { askSandbox } from './sandbox-control.ts';
import type { SandboxAddress } from './sandbox-notice.ts';

const report = z.object({
  name: z.string(),
  about: z.string(),
  probability: z.number().optional(),
  count: z.number().optional(),
  path: z.string().optional(),
  method: z.string().optional(),
  user: z.string().optional(),
  forMs: z.number().optional(),
  value: z.number().optional(),
  applied: z.number(),
  struck: z.number(),
});

const answer = z.object({ faults: z.array(report), struck: z.record(z.string(), z.number()) });

/** What is switched on in a running sandbox, and how often each fault has struck since it started. */
export type SandboxFaults = z.infer<typeof answer>;

/** What to do about faults: see the endpoint's own check for the fields of a rule. */
export type FaultRequest =
  | { readonly action: 'list' }
  | { readonly action: 'clear'; readonly name?: string | undefined }
  | { readonly action: 'storm'; readonly seed: number }
  | { readonly action: 'set'; readonly name: string; readonly [field: string]: string | number | undefined };

/** Switches faults of a running sandbox, or lists them. @throws what `askSandbox` throws */
export async function sandboxFaults(address: SandboxAddress, request: FaultRequest): Promise<SandboxFaults> {
  const { data, error } = answer.safeParse(await askSandbox(address, '/sandbox/faults', request));
  if (data) return data;
  throw new InvariantError(
    'BUG_SANDBOX_ANSWER',
    'The sandbox answers about faults in a form that this program does not know.',
    'Start the sandbox again with this version of algo.',
    error,
  );
}
