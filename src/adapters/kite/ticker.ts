import { UsageError } from '../../domain/errors.ts';
import { kiteTokensPerSocket } from '../../domain/kite-limits.ts';
import { pinnedRoot } from './pinned-root.ts';
import { TickColumns, tickerTokens } from './tick-columns.ts';
import { type FrameCounts, noCounts, readFrame } from './ticker-frame.ts';
import {
  type Line,
  type LineListener,
  TickerLine,
  type TickerLoss,
  type TickerMode,
  type TickerOptions,
} from './ticker-line.ts';
import { type OrderFrame, readText } from './ticker-text.ts';

export interface TickerListener {
  /** The columns have a new tick in this slot. Called within the socket's own turn: take what is needed and go. */
  tick(slot: number): void;
  /** An order of this user changed, on whatever platform. A hint: frames are lost, doubled and late. */
  order?(frame: OrderFrame): void;
  /** Connections that stand, of those that are wanted. Orders have to be read anew whenever one came back. */
  connections?(standing: number, wanted: number, loss: TickerLoss | undefined): void;
  /** The session is dead: nothing is tried again until there is a new one. */
  tokenDead?(): void;
  /** Kite's words of an error frame, such as too many instruments. */
  trouble?(message: string): void;
}

/**
 * Market data of up to 9,000 instruments over up to three connections, which come back by themselves and ask for their instruments
 * anew. Instruments join and leave at any time, also before the connections stand. Several tickers live side by side; nothing here
 * ends the process.
 */
export class Ticker {
  readonly columns = new TickColumns([], tickerTokens);
  readonly counts: FrameCounts = noCounts();
  /** Text frames of a kind or shape that is not known. */
  unknownFrames = 0;
  readonly #options: TickerOptions;
  readonly #listener: TickerListener;
  readonly #mode: TickerMode;
  readonly #lines: Line[] = [];
  #connected = false;
  #ended = false;

  /**
   * Slots are those of the tokens, in their order; `mode` is that of every instrument for which no other is asked.
   *
   * @throws UsageError USAGE_TOKENS beyond 9,000 instruments, ConfigError CONFIG_KITE_ROOT for an address that secrets must not go to
   */
  constructor(options: TickerOptions, tokens: readonly number[], mode: TickerMode, listener: TickerListener) {
    pinnedRoot(options.wsRoot, { secure: 'wss', plain: 'ws' });
    this.#options = options;
    this.#listener = listener;
    this.#mode = mode;
    this.subscribe(tokens);
    // Without instruments one connection is kept for the order frames.
    if (this.#lines.length === 0) this.#addLine();
  }

  connect(): void {
    if (this.#connected) return;
    this.#connected = true;
    for (const line of this.#lines) line.open();
  }

  /** Ends every connection; nothing comes after it. */
  close(): void {
    this.#ended = true;
    for (const line of this.#lines) line.end();
  }

  get standing(): number {
    return this.#lines.filter((line) => line.stands).length;
  }

  /**
   * Watches these as well; those that are watched already change to `mode`. `columns.slotOf` says where their ticks are.
   *
   * @throws UsageError USAGE_TOKENS beyond 9,000 instruments, or for what is no token; then nothing changes
   */
  subscribe(tokens: readonly number[], mode: TickerMode = this.#mode): void {
    requireTokens(tokens);
    const known = tokens.filter((token) => this.columns.slotOf(token) >= 0);
    this.columns.add(tokens);
    const isKnown = new Set(known);
    let joining = [...new Set(tokens)].filter((token) => !isKnown.has(token));
    for (const line of this.#lines) {
      line.subscribe(joining.slice(0, line.room), mode);
      joining = joining.filter((token) => !line.carries(token));
    }
    for (; joining.length > 0; joining = joining.slice(kiteTokensPerSocket)) {
      const line = this.#addLine();
      line.subscribe(joining.slice(0, kiteTokensPerSocket), mode);
      if (this.#connected && !this.#ended) line.open();
    }
    this.setMode(known, mode);
  }

  /** Watches these no longer; their slots are empty. A connection that has nothing left to carry ends, all but one. */
  unsubscribe(tokens: readonly number[]): void {
    for (const line of this.#lines) line.unsubscribe(tokens.filter((token) => line.carries(token)));
    this.columns.remove(tokens);
    for (const line of this.#lines.filter(({ isEmpty }) => isEmpty)) {
      if (this.#lines.length === 1) break;
      line.end();
      this.#lines.splice(this.#lines.indexOf(line), 1);
      if (this.#connected && !this.#ended) this.#connections(undefined);
    }
  }

  /** How much is told of these; instruments that are not watched are left out. */
  setMode(tokens: readonly number[], mode: TickerMode): void {
    for (const line of this.#lines)
      line.setMode(
        tokens.filter((token) => line.carries(token)),
        mode,
      );
  }

  #addLine(): Line {
    const ears = this.#ears();
    const line = this.#options.line?.(ears) ?? new TickerLine(this.#options, ears);
    this.#lines.push(line);
    return line;
  }

  #ears(): LineListener {
    const { clock, recorder } = this.#options;
    return {
      binary: (frame) => {
        recorder?.binary(frame);
        const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength);
        readFrame(view, this.columns, clock.now(), this.counts, this.#tick);
      },
      text: (frame) => {
        recorder?.text(frame);
        this.#text(frame);
      },
      changed: (loss) => this.#connections(loss),
      refused: () => this.#tokenDead(),
    };
  }

  #connections(loss: TickerLoss | undefined): void {
    this.#options.recorder?.connections(this.standing, this.#lines.length, loss);
    this.#listener.connections?.(this.standing, this.#lines.length, loss);
  }

  readonly #tick = (slot: number): void => this.#listener.tick(slot);

  #tokenDead(): void {
    if (this.#ended) return;
    this.close();
    this.#listener.tokenDead?.();
  }

  #text(frame: string): void {
    const text = readText(frame);
    switch (text.kind) {
      case 'order':
        this.#listener.order?.(text.order);
        return;
      case 'trouble':
        this.#listener.trouble?.(text.words);
        return;
      case 'message':
        return;
      case 'unknown':
        this.unknownFrames += 1;
        return;
      default:
        text satisfies never;
    }
  }
}

/** A value that is no token would make Kite refuse all that were asked for together with it. */
function requireTokens(tokens: readonly number[]): void {
  for (const token of tokens)
    if (!Number.isInteger(token) || token <= 0 || token > 0xffff_ffff)
      throw new UsageError(
        'USAGE_TOKENS',
        `${token} is no instrument token.`,
        'Tokens are in the instrument list: algo instruments search <word>',
      );
}
