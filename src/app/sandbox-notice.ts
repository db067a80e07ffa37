import { chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { BrokerError, codeOf, DataError } from '../domain/errors.ts';
import type { Folders } from './context.ts';

const notice = z.object({
  pid: z.int(),
  url: z.string(),
  wsUrl: z.string(),
  /** Stands before every path of the REST interface, such as /oms. */
  prefix: z.string().default(''),
  /** Whoever can read the file may steer the sandbox. */
  secret: z.string(),
  accounts: z.array(z.object({ userId: z.string(), apiKey: z.string(), apiSecret: z.string() })),
});

/** What a running sandbox says of itself in `data/sandbox/sandbox.json` of its home, for its owner's eyes only. */
export type SandboxNotice = z.infer<typeof notice>;

/** Where a sandbox is steered, and what it wants to hear; the secret is empty where none is known. */
export interface SandboxAddress {
  readonly url: string;
  readonly secret: string;
}

/** Undefined when there is none. @throws DataError DATA_SANDBOX for a file that no sandbox wrote */
export function readNotice({ data }: Pick<Folders, 'data'>): SandboxNotice | undefined {
  const file = fileIn(data);
  try {
    return notice.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch (cause) {
    if (codeOf(cause) === 'ENOENT') return undefined;
    throw new DataError('DATA_SANDBOX', `${file} is not what a sandbox writes.`, `Run: rm ${file}`, cause);
  }
}

/** False when another start was faster. */
export function writeNotice({ data }: Pick<Folders, 'data'>, said: SandboxNotice): boolean {
  const folder = join(data, 'sandbox');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  chmodSync(folder, 0o700);
  try {
    writeFileSync(fileIn(data), `${JSON.stringify(said, null, 2)}\n`, { mode: 0o600, flag: 'wx' });
    return true;
  } catch (cause) {
    if (codeOf(cause) === 'EEXIST') return false;
    throw cause;
  }
}

export function removeNotice({ data }: Pick<Folders, 'data'>): void {
  rmSync(fileIn(data), { force: true });
}

/** Takes one's own notice away, not that of a sandbox which came after. */
export function removeOwnNotice(folders: Pick<Folders, 'data'>, pid: number): void {
  if (readNotice(folders)?.pid === pid) removeNotice(folders);
}

/**
 * The sandbox at an address, or the one of this home where no address is given.
 *
 * @throws BrokerError BROKER_SANDBOX_AWAY when none runs in this home
 */
export function sandboxAddress(folders: Pick<Folders, 'data'>, url: string | undefined): SandboxAddress {
  const said = readNotice(folders);
  if (url !== undefined) return { url, secret: said?.url === url.replace(/\/$/, '') ? said.secret : '' };
  if (said) return said;
  throw new BrokerError('BROKER_SANDBOX_AWAY', 'No sandbox runs in this home.', 'Run: algo sandbox up');
}

function fileIn(data: string): string {
  return join(data, 'sandbox', 'sandbox.json');
}
