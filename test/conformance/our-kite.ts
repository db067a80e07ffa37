import { createKiteClient, type KiteClient } from '#src/adapters/kite/kite-client.ts';
import { createWire } from '#src/adapters/kite/send-request.ts';

/** Our client on a clock that goes forward by what is waited, so that its pace costs a test nothing. */
export function ourKite(options: {
  readonly root: string;
  readonly apiKey: string;
  readonly accessToken: string;
}): { readonly client: KiteClient; close(): void } {
  let now = 1_764_040_000_000;
  const wire = createWire();
  const client = createKiteClient({
    ...options,
    wire,
    clock: { now: () => now },
    waiting: {
      async sleep(ms) {
        now += ms;
      },
      random: () => 0.5,
    },
  });
  return { client, close: () => wire.close() };
}
