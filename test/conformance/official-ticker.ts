import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const script = fileURLToPath(new URL('./kite-ticker.mjs', import.meta.url));

/** One thing the official ticker told: the name of its event and what came with it. */
export interface Told {
  readonly event: string;
  readonly data?: unknown;
}

/** A tick as the official ticker hands it out, with every field it may have. */
export interface OfficialTick {
  readonly instrument_token: number;
  readonly mode: string;
  readonly tradable: boolean;
  readonly last_price: number;
  readonly last_traded_quantity?: number;
  readonly average_traded_price?: number;
  readonly volume_traded?: number;
  readonly total_buy_quantity?: number;
  readonly total_sell_quantity?: number;
  readonly ohlc?: { open: number; high: number; low: number; close: number };
  readonly change?: number;
  readonly last_trade_time?: string;
  readonly exchange_timestamp?: string;
  readonly oi?: number;
  readonly oi_day_high?: number;
  readonly oi_day_low?: number;
  readonly depth?: Record<'buy' | 'sell', Array<{ quantity: number; price: number; orders: number }>>;
}

/** The official KiteTicker, unmodified, in a child process. */
export class OfficialTicker {
  readonly #child: ChildProcess;
  readonly #told: Told[] = [];
  #wake: () => void = () => {};

  constructor(options: { readonly root: string; readonly apiKey: string; readonly accessToken: string }) {
    const { root, apiKey, accessToken } = options;
    this.#child = spawn(process.execPath, [script, root, apiKey, accessToken], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    if (this.#child.stdout)
      createInterface({ input: this.#child.stdout }).on('line', (line) => {
        this.#told.push(JSON.parse(line));
        this.#wake();
      });
  }

  /** Calls a method of the ticker: `call('subscribe', [408065])`. */
  call(method: string, ...args: readonly unknown[]): void {
    this.#child.stdin?.write(`${JSON.stringify([method, ...args])}\n`);
  }

  /** Resolves to what came with the next such event; what was told before it is forgotten. */
  async hear(event: string): Promise<unknown> {
    for (;;) {
      const index = this.#told.findIndex((told) => told.event === event);
      if (index >= 0) return this.#told.splice(0, index + 1).at(-1)?.data;
      await new Promise<void>((wake) => {
        this.#wake = wake;
      });
    }
  }

  /** The next tick of a token, optionally in a mode. */
  async tick(token: number, mode?: string): Promise<OfficialTick> {
    for (;;) {
      const ticks = (await this.hear('ticks')) as readonly OfficialTick[];
      const found = ticks.find(
        (tick) => tick.instrument_token === token && (mode === undefined || tick.mode === mode),
      );
      if (found) return found;
    }
  }

  async close(): Promise<void> {
    if (this.#child.exitCode !== null) return;
    const gone = new Promise<void>((resolve) => this.#child.once('exit', () => resolve()));
    this.#child.stdin?.end();
    await gone;
  }
}
