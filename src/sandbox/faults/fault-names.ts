/** Where a fault strikes. */
export type FaultPlace = 'request' | 'reply' | 'book' | 'frame' | 'socket' | 'handshake' | 'order';

interface FaultKind {
  readonly place: FaultPlace;
  readonly about: string;
  /** What the rule's `value` means, and what it is when none is given. */
  readonly value?: { readonly unit: string; readonly usual: number };
}

/** Everything that can be made to go wrong, by the name it is switched with. Source: RELIABILITY §5, forum threads in kite.md §9. */
export const faultKinds = {
  'timeout-before': {
    place: 'request',
    about: 'the request is read, nothing is done and no answer comes',
  },
  'timeout-after': { place: 'reply', about: 'the request is carried out and no answer comes' },
  'slow-accept': {
    place: 'request',
    about: 'the request waits before it is carried out',
    value: { unit: 'ms', usual: 2_000 },
  },
  'slow-reply': {
    place: 'reply',
    about: 'the request is carried out, the answer waits',
    value: { unit: 'ms', usual: 2_000 },
  },
  'reset-before': { place: 'request', about: 'the connection is reset, nothing is done' },
  'reset-after': { place: 'reply', about: 'the request is carried out and the connection is reset' },
  'too-many': { place: 'request', about: '429 in JSON, nothing is done' },
  'error-json': {
    place: 'request',
    about: 'a server error in JSON, nothing is done',
    value: { unit: 'status', usual: 503 },
  },
  'error-html': {
    place: 'request',
    about: "a gateway's HTML page, nothing is done",
    value: { unit: 'status', usual: 502 },
  },
  'error-after': {
    place: 'reply',
    about: 'the request is carried out, a server error is answered',
    value: { unit: 'status', usual: 504 },
  },
  'html-before': { place: 'request', about: 'a maintenance page with status 200, nothing is done' },
  'html-after': { place: 'reply', about: 'the request is carried out, a page with status 200 is answered' },
  empty: { place: 'reply', about: 'the request is carried out, status 200 comes without a body' },
  truncate: {
    place: 'reply',
    about: 'the request is carried out, the answer breaks off',
    value: { unit: 'byte', usual: 20 },
  },
  'token-death': { place: 'request', about: 'the access token of the caller dies before the request' },
  'late-order': {
    place: 'book',
    about: 'a placed order is missing from the order book for a while',
    value: { unit: 'ms', usual: 5_000 },
  },
  'unsorted-orders': { place: 'book', about: 'the order book comes in another order' },
  'frame-drop': { place: 'frame', about: 'an order frame or postback is not sent' },
  'frame-twice': {
    place: 'frame',
    about: 'an order frame or postback is sent several times',
    value: { unit: 'times', usual: 2 },
  },
  'frame-delay': {
    place: 'frame',
    about: 'an order frame or postback comes late',
    value: { unit: 'ms', usual: 5_000 },
  },
  'frame-swap': { place: 'frame', about: 'an order frame or postback comes after the next one' },
  'socket-mute': {
    place: 'socket',
    about: 'a socket stays open and says nothing more, no heartbeat either',
  },
  'socket-stall': { place: 'socket', about: 'a socket sends heartbeats and no more ticks' },
  'socket-close': { place: 'socket', about: 'a socket is cut' },
  'socket-garbage': { place: 'socket', about: 'a frame of ticks is replaced by nonsense' },
  'socket-refuse': {
    place: 'handshake',
    about: 'a socket is not let in',
    value: { unit: 'status', usual: 503 },
  },
  'reject-order': { place: 'order', about: 'a placed order is rejected by the exchange' },
  'split-fill': {
    place: 'order',
    about: 'an order fills in parts',
    value: { unit: 'parts', usual: 3 },
  },
} as const satisfies Record<string, FaultKind>;

export type FaultName = keyof typeof faultKinds;

export const faultNames = Object.keys(faultKinds) as readonly FaultName[];

export function isFaultName(text: string): text is FaultName {
  return Object.hasOwn(faultKinds, text);
}

export function faultKindOf(name: FaultName): FaultKind {
  return faultKinds[name];
}
