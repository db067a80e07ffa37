import type { KiteAnswer } from './envelope.ts';
import type { WireFailure } from './send-request.ts';

/** One child of an order that the broker cut into slices: placed, refused by itself, or neither for certain. */
export type SliceOutcome =
  | { readonly orderId: string }
  | { readonly refused: string; readonly errorType: string }
  | { readonly unknown: string; readonly errorType: string };

/**
 * What is known of an order request. Only `not-sent` and `refused` say that no order came of it, and a refusal is verified once by
 * looking for the tag; `unknown` means it may or may not live: its quantity counts, and it is looked up, never sent again.
 */
export type OrderOutcome =
  | { readonly kind: 'acknowledged'; readonly orderId: string; readonly slices: readonly SliceOutcome[] }
  | {
      readonly kind: 'refused';
      readonly errorType: string;
      readonly message: string;
      readonly reason: 'refused' | 'too-many-requests';
    }
  | { readonly kind: 'token-dead'; readonly message: string }
  | { readonly kind: 'not-sent'; readonly why: string }
  | { readonly kind: 'unknown'; readonly why: string };

// Kite answers 400 also where its own order system did not answer in time, and such orders have gone live (forum 35732, 41029).
const timedOutWords = /timed?[ -]?out|check the order ?book|confirm before/i;

/** Error types that say, with status 400, 403 or 428, that the request was looked at and turned down. */
const refusals: readonly string[] = [
  'InputException',
  'MarginException',
  'HoldingException',
  'OrderException',
  'PermissionException',
];

/** Class of an order request by what was seen of it; RELIABILITY §2 row by row. Pure. */
export function outcomeOf(
  seen: KiteAnswer | { readonly kind: 'failure'; readonly failure: WireFailure },
  /** What `data` says of the request; for those whose answer is not an order's. */
  acknowledge: (data: unknown) => OrderOutcome = acknowledged,
): OrderOutcome {
  switch (seen.kind) {
    case 'failure':
      return seen.failure.unsent
        ? { kind: 'not-sent', why: seen.failure.message }
        : { kind: 'unknown', why: seen.failure.message };
    case 'data':
      return acknowledge(seen.data);
    case 'garbled':
      // The status alone says it, whatever page a gateway put behind it.
      if (seen.status === 429)
        return {
          kind: 'refused',
          errorType: 'NetworkException',
          message: 'Too many requests',
          reason: 'too-many-requests',
        };
      return { kind: 'unknown', why: `status ${seen.status}, ${seen.why}` };
    case 'error':
      return refused(seen);
    default:
      return seen satisfies never;
  }
}

function refused({ status, errorType, message }: Extract<KiteAnswer, { kind: 'error' }>): OrderOutcome {
  if (status === 429) return { kind: 'refused', errorType, message, reason: 'too-many-requests' };
  if (status === 403 && errorType === 'TokenException') return { kind: 'token-dead', message };
  if ((status === 400 || status === 403 || status === 428) && provesRefusal(errorType, message))
    return { kind: 'refused', errorType, message, reason: 'refused' };
  return { kind: 'unknown', why: `status ${status}, ${errorType}: ${message}` };
}

/** `{order_id}`, `{order_id, children: […]}`, or a plain list of children: Kite answers a sliced order in two shapes. */
function acknowledged(data: unknown): OrderOutcome {
  const parent = idOf(data);
  const listed = Array.isArray(data) ? data : Reflect.get(Object(data), 'children');
  const slices = Array.isArray(listed) ? listed.map(sliceOf) : [];
  if (slices.some((slice) => slice === undefined))
    return { kind: 'unknown', why: 'an answer of unknown shape' };
  const known = slices.filter((slice) => slice !== undefined);
  const first = known.find((slice) => 'orderId' in slice);
  const orderId = parent ?? (first && 'orderId' in first ? first.orderId : undefined);
  if (orderId !== undefined) return { kind: 'acknowledged', orderId, slices: known };
  const [refusal] = known;
  if (refusal && 'refused' in refusal && known.every((slice) => 'refused' in slice)) {
    const { refused: message, errorType } = refusal;
    return { kind: 'refused', errorType, message, reason: 'refused' };
  }
  return { kind: 'unknown', why: 'an answer without an order id' };
}

function provesRefusal(errorType: string, message: string): boolean {
  return refusals.includes(errorType) && !timedOutWords.test(message);
}

function sliceOf(child: unknown): SliceOutcome | undefined {
  const orderId = idOf(child);
  if (orderId !== undefined) return { orderId };
  const error: unknown = Reflect.get(Object(child), 'error');
  const { message, error_type: type, code } = Object(error);
  if (typeof message !== 'string') return undefined;
  const errorType = typeof type === 'string' ? type : '';
  const certain =
    (code === undefined || (typeof code === 'number' && code < 500)) && provesRefusal(errorType, message);
  return certain ? { refused: message, errorType } : { unknown: message, errorType };
}

/** An outcome whose words went through `clean`: a server may send back what was sent to it. */
export function cleanOutcome(outcome: OrderOutcome, clean: (text: string) => string): OrderOutcome {
  switch (outcome.kind) {
    case 'acknowledged':
      return { ...outcome, slices: outcome.slices.map((slice) => cleanSlice(slice, clean)) };
    case 'refused':
    case 'token-dead':
      return { ...outcome, message: clean(outcome.message) };
    case 'not-sent':
    case 'unknown':
      return { ...outcome, why: clean(outcome.why) };
    default:
      return outcome satisfies never;
  }
}

function cleanSlice(slice: SliceOutcome, clean: (text: string) => string): SliceOutcome {
  if ('refused' in slice) return { ...slice, refused: clean(slice.refused) };
  return 'unknown' in slice ? { ...slice, unknown: clean(slice.unknown) } : slice;
}

function idOf(data: unknown): string | undefined {
  if (Array.isArray(data)) return undefined;
  const id: unknown = Reflect.get(Object(data), 'order_id');
  return typeof id === 'string' && /^[A-Za-z0-9-]{1,40}$/.test(id) ? id : undefined;
}
