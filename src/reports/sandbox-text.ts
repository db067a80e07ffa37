export interface SandboxAccount {
  readonly userId: string;
  /** Of the sandbox alone: they open nothing at Zerodha. */
  readonly apiKey: string;
  readonly apiSecret: string;
  readonly loginUrl: string;
}

/** What somebody needs to know who wants to use the sandbox. */
export interface SandboxStarted {
  readonly url: string;
  readonly wsUrl: string;
  readonly prefix: string;
  readonly day: string;
  readonly now: string;
  /** Sandbox seconds in a second; the clock may be paused. */
  readonly speed: number;
  readonly paused: boolean;
  readonly seed: number;
  readonly instruments: number;
  readonly synthetic: boolean;
  readonly accounts: readonly SandboxAccount[];
}

/** How a running sandbox stands. Times are those of its own clock. */
export interface SandboxStanding {
  readonly url: string;
  readonly now: string;
  readonly day: string;
  readonly speed: number;
  readonly paused: boolean;
  readonly instruments: number;
  readonly sessions: readonly { readonly user: string; readonly loginTime: string; readonly dies: string }[];
  /** Ticker connections. */
  readonly sockets: number;
  /** Orders are refused as from a computer that is not on the whitelist. */
  readonly staticIp: boolean;
}

/** What somebody needs who wants to use the sandbox. Its keys and secrets open nothing but the sandbox. */
export function sandboxStartedText(started: SandboxStarted): string {
  const { url, wsUrl, prefix, accounts, instruments, synthetic, seed } = started;
  return [
    `Sandbox of ${started.day}, ${instruments} instruments${synthetic ? ', invented prices among them' : ''}, seed ${seed}.`,
    `  clock    ${clockText(started)}`,
    `  root     ${url}${prefix}`,
    `  ticker   ${wsUrl}`,
    ...accounts.flatMap(({ userId, apiKey, apiSecret, loginUrl }) => [
      `  ${userId.padEnd(8)} key ${apiKey}  secret ${apiSecret}`,
      `           ${loginUrl}`,
    ]),
    'Log in with: algo login --sandbox, or open the address of an account in a browser.',
    'Ends with Ctrl-C, or: algo sandbox down',
  ].join('\n');
}

export function sandboxStandingText(standing: SandboxStanding): string {
  const { url, instruments, sessions, sockets, staticIp } = standing;
  const people = sessions.map(({ user, dies }) => `${user} until ${clockOf(dies)}`);
  return [
    `Sandbox at ${url}`,
    `  clock      ${clockText(standing)}`,
    `  listed     ${instruments} instruments`,
    `  logged in  ${people.length > 0 ? people.join(', ') : 'nobody'}`,
    `  sockets    ${sockets}`,
    ...(staticIp ? ['  orders     refused: this computer is not on the whitelist'] : []),
  ].join('\n');
}

function clockText({ now, speed, paused }: { now: string; speed: number; paused: boolean }): string {
  return `${clockOf(now)}, ${paused ? `paused; goes at ${speed}x when resumed` : `${speed}x`}`;
}

/** `2026-04-01 09:15:00` out of an instant in India. */
function clockOf(instant: string): string {
  return instant.slice(0, 19).replace('T', ' ');
}
