import type { SeedResult } from './simulate.ts';

/** Every fault that a seed can have, so that one which never struck is seen. */
export const faultClasses: readonly string[] = [
  ...[
    'not-sent',
    'lost-before-accept',
    'accepted-reply-lost',
    'reply-late',
    'accept-late',
    '400-definitive',
  ].map(rest),
  ...['400-ambiguous', '5xx', '200-broken', '429-storm', '429'].map(rest),
  ...['failure', 'stale', 'partial', 'unordered', 'new-fields', 'number-as-text'].map(
    (name) => `read:${name}`,
  ),
  ...['dropped', 'duplicated', 'late', 'garbage'].map((name) => `update:${name}`),
  ...['disconnect', 'silent', 'stalled-with-heartbeat', 'damaged-frame', 'late-tick'].map(
    (name) => `feed:${name}`,
  ),
  ...['partial-fill', 'rejected-at-exchange', 'rejected-after-open', 'fill-while-cancelling'].map(order),
  ...['modify-refused'].map(order),
  ...['kill-process', 'stop-process', 'freeze', 'token-dies', 'disk', 'wall-jump', 'hand-order'].map(happens),
  ...['broker-squares-off', 'kill-switch'].map(happens),
  ...['before-append', 'mid-append', 'after-append', 'before-sync', 'after-sync', 'before-send'].map(kill),
  ...['after-send', 'before-answer', 'during-start', 'during-replay', 'after-rename'].map(kill),
  ...['lost-unsynced', 'torn-tail', 'ENOSPC', 'EIO-write', 'EIO-sync', 'slow-sync'].map(
    (name) => `disk:${name}`,
  ),
];

function rest(name: string): string {
  return `rest:${name}`;
}
function order(name: string): string {
  return `order:${name}`;
}
function happens(name: string): string {
  return `happens:${name}`;
}
function kill(name: string): string {
  return `kill:${name}`;
}

/** How often each fault struck, and in how many seeds. */
export function coverageText(results: readonly SeedResult[]): string {
  const rows = faultClasses.map((name) => {
    const counts = results.map(({ fired }) => fired.get(name) ?? 0);
    const times = counts.reduce((sum, count) => sum + count, 0);
    const seeds = counts.filter((count) => count > 0).length;
    return `  ${name.padEnd(30)}${String(times).padStart(8)} times in ${String(seeds).padStart(5)} seeds${times === 0 ? '  never' : ''}`;
  });
  return `Faults that struck:\n${rows.join('\n')}`;
}

const invariants: readonly (readonly [string, string])[] = [
  ['INV-01', 'here: bytes on the disk at the first byte of each order'],
  ['INV-02', "here: the exchange's book, tag by tag and intent by intent"],
  ['INV-03', 'here: the whole journal at the end'],
  ['INV-04', "here: each fill in the journal against the exchange's trades"],
  ['INV-05', 'here: at the end, at rest'],
  ['INV-06', 'here: every five seconds, and at each entry'],
  ['INV-07', 'here: every mark, in paise; charges: test/properties/money.test.ts'],
  ['INV-08', 'here: each start, and at the end the whole journal and a part of it'],
  [
    'INV-09',
    "here: each entry against the exchange's books; places of positions that are being left count as free",
  ],
  ['INV-10', 'here: each request'],
  ['INV-11', 'here: each entry'],
  ['INV-12', 'here: each entry, and at rest after a kill with --flatten'],
  ['INV-13', 'here: each request, by client and by account'],
  ['INV-14', 'here: each entry, over all lives of the program'],
  ['INV-15', 'here: each entry'],
  ['INV-16', 'here: each entry: halts, dead session, silent stream'],
  ['INV-17', 'here: in the calm, where one strategy trades'],
  ['INV-18', 'elsewhere, with real processes: test/e2e/paper.test.ts'],
  ['INV-19', 'elsewhere: test/app/live.test.ts, "real money"'],
  ['INV-20', 'here: after the calm'],
  ['INV-21', 'elsewhere: test/e2e/canary.test.ts'],
  ['INV-22', 'here: the journal of each day played again; elsewhere: test/properties/time.test.ts'],
];

export function invariantText(): string {
  return `Invariants:\n${invariants.map(([name, where]) => `  ${name}  ${where}`).join('\n')}`;
}
