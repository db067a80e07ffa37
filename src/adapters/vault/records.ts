import { z } from 'zod';

/** A name people type: file names, so nothing that could climb out of a folder. */
export const accountNamePattern = /^[a-z][a-z0-9_-]{0,31}$/;

/** A Kite account as it is known to this computer. Nothing in it is secret; the API key travels in every login address. */
export const accountSchema = z.strictObject({
  name: z.string().regex(accountNamePattern),
  apiKey: z.string().regex(/^[A-Za-z0-9_-]{1,64}$/),
  /** Zerodha's client id, such as AB1234. A login of anybody else is refused. */
  userId: z.string().regex(/^[A-Z0-9]{2,16}$/),
  /** Its secret and session are encrypted. */
  sealed: z.boolean(),
  /** It lives in the sandbox of this computer: nothing it does is real. */
  sandbox: z.boolean(),
  /** Port of the loopback address that Kite's login sends the browser to. */
  redirectPort: z.int().min(1_024).max(65_535),
  /** Where they are given they win over the `kite` settings. */
  root: z.string().optional(),
  wsRoot: z.string().optional(),
  prefix: z.string().optional(),
  loginUrl: z.string().optional(),
});

export type Account = z.output<typeof accountSchema>;

export const currentSchema = z.strictObject({
  version: z.literal(1),
  /** The account that is meant when none is named. */
  current: z.string().regex(accountNamePattern),
});

export interface AccountList {
  /** Null where none is chosen, or the chosen one is gone. */
  readonly current: string | null;
  /** By name. */
  readonly accounts: readonly Account[];
}

export const secretSchema = z.strictObject({
  version: z.literal(1),
  apiSecret: z.string().min(1),
  /** Base32, as the authenticator's QR code has it. */
  totpSecret: z.string().min(1).optional(),
});

export type Secret = z.output<typeof secretSchema>;

export const sessionSchema = z.strictObject({
  version: z.literal(1),
  userId: z.string().min(1),
  apiKey: z.string().min(1),
  accessToken: z.string().min(1),
  /** Epoch ms of this computer's clock. */
  loginTime: z.number(),
  /** Epoch ms at which Kite lets the token die; null in the sandbox, whose clock is its own. */
  expiry: z.number().nullable(),
  /** Where the token was given. It is never sent anywhere else, whatever the settings say later. */
  root: z.string().min(1),
  wsRoot: z.string().min(1),
  prefix: z.string(),
  sandbox: z.boolean(),
});

export type Session = z.output<typeof sessionSchema>;
