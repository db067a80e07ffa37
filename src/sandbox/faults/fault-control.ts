import { z } from 'zod';
import { nearest } from '../../domain/nearest.ts';
import { faultKindOf, faultNames, isFaultName } from './fault-names.ts';
import type { FaultPlan } from './fault-plan.ts';
import type { FaultReport } from './fault-rule.ts';
import { stormOf } from './storm.ts';

/** What the control endpoint answers: what is switched on, and how often each fault has struck since the start. */
export interface FaultControl {
  readonly faults: readonly FaultReport[];
  readonly struck: Readonly<Record<string, number>>;
}

const name = z.string().refine(isFaultName, { error: ({ input }) => unknownName(String(input)) });

const rule = z
  .strictObject({
    action: z.literal('set'),
    name,
    probability: z.number().min(0).max(1).optional(),
    count: z.int().min(1).optional(),
    path: z.string().min(1).optional(),
    method: z.enum(['GET', 'POST', 'PUT', 'DELETE']).optional(),
    user: z.string().min(1).optional(),
    forMs: z.number().min(1).optional(),
    value: z.int().min(0).max(86_400_000).optional(),
  })
  .superRefine((asked, context) => {
    const problem = misfit(asked);
    if (problem) context.addIssue({ code: 'custom', message: problem });
  });

const request = z.discriminatedUnion('action', [
  z.strictObject({ action: z.literal('list') }),
  rule,
  z.strictObject({ action: z.literal('clear'), name: name.optional() }),
  z.strictObject({ action: z.literal('storm'), seed: z.int().min(0) }),
]);

/**
 * Carries out `{"action":"list"}`, `{"action":"set","name":"too-many","probability":0.1,"count":3,"path":"orders"}` or
 * `{"action":"clear"}` or `{"action":"storm","seed":7}`, which replaces what is on; the body of POST /sandbox/faults. Answers in words what is wrong with anything else.
 */
export function controlFaults(plan: FaultPlan, body: unknown): FaultControl | string {
  const { data, error } = request.safeParse(body);
  if (error) return error.issues.map(({ path, message }) => [...path, message].join(': ')).join('; ');
  if (data.action === 'set') {
    const { action: _set, ...asked } = data;
    plan.set(asked);
  }
  if (data.action === 'clear') plan.clear(data.name);
  if (data.action === 'storm') {
    plan.clear();
    for (const each of stormOf(data.seed)) plan.set(each);
  }
  return { faults: plan.list(), struck: plan.struck() };
}

/** What a rule names although its fault has no use for it. */
function misfit(asked: {
  readonly name: string;
  readonly path?: string | undefined;
  readonly method?: string | undefined;
  readonly value?: number | undefined;
}): string | undefined {
  if (!isFaultName(asked.name)) return undefined;
  const { place, value } = faultKindOf(asked.name);
  if (asked.value !== undefined && !value) return `${asked.name} takes no value`;
  if (value?.unit === 'status' && asked.value !== undefined && (asked.value < 400 || asked.value > 599))
    return `${asked.name} takes a status from 400 to 599, received ${asked.value}`;
  const isHttp = place === 'request' || place === 'reply' || place === 'book';
  if (!isHttp && (asked.path ?? asked.method) !== undefined)
    return `${asked.name} does not strike requests, so it takes no path and no method`;
  return undefined;
}

function unknownName(text: string): string {
  const guess = nearest(text, faultNames);
  return `Unknown fault "${text}". ${guess ? `Did you mean "${guess}"?` : `Known: ${faultNames.join(', ')}`}`;
}
