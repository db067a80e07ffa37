import { world } from '../world.ts';

type Ear = (...heard: never[]) => void;

/** The far end of a simulated stream: hears of a socket that was opened, and of what it says. */
export interface StreamServer {
  opened(socket: WebSocket): void;
  said(socket: WebSocket, text: string): void;
  left(socket: WebSocket): void;
}

let server: StreamServer | undefined;

export function serve(far: StreamServer): void {
  server = far;
}

/** As much of a WebSocket as the ticker uses, between a program and the world's stream. */
export class WebSocket {
  readonly url: URL;
  binaryType = '';
  readonly #ears = new Map<string, Ear[]>();
  /** The life it belongs to. */
  readonly life = world().life;
  over = false;

  constructor(url: URL) {
    this.url = url;
    server?.opened(this);
  }

  on(event: string, ear: Ear): void {
    this.#ears.set(event, [...(this.#ears.get(event) ?? []), ear]);
  }

  send(text: string): void {
    if (!this.over && world().life === this.life) server?.said(this, text);
  }

  terminate(): void {
    this.#end();
  }

  /** Said from the far end, within the program's own turn. */
  emit(event: string, ...heard: unknown[]): void {
    for (const ear of this.#ears.get(event) ?? []) ear(...(heard as never[]));
  }

  /** The connection ends, from either side. */
  #end(): void {
    if (this.over) return;
    this.over = true;
    server?.left(this);
    world().forProgram(0, () => this.emit('close'));
  }

  drop(): void {
    this.#end();
  }
}
