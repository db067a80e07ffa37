import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { Ticker } from '#src/adapters/kite/ticker.ts';
import { sandboxTicker } from '../../support/sandbox-ticker.ts';
import { HeldClock } from '../../support/scripted-market.ts';

/*
 * Our ticker on the sandbox's: what joins at run time is heard, what leaves is not, each in its mode, also after a loss.
 */

let exchange: Awaited<ReturnType<typeof sandboxTicker>>;
let clock: HeldClock;
let ticker: Ticker;
let ups: number;
let wake: () => void;

beforeEach(async () => {
  exchange = await sandboxTicker();
  clock = new HeldClock();
  ups = 0;
  wake = () => undefined;
  ticker = new Ticker(
    { wsRoot: exchange.wsRoot, apiKey: 'k', accessToken: 't', clock, random: () => 0 },
    [408_065],
    'quote',
    {
      tick: () => wake(),
      connections: (_standing, _wanted, loss) => {
        if (loss === undefined) ups += 1;
        wake();
      },
    },
  );
  ticker.connect();
});

afterEach(async () => {
  ticker.close();
  await exchange.close();
});

async function until(fact: () => boolean): Promise<void> {
  while (!fact()) {
    await new Promise<void>((resolve) => {
      wake = resolve;
    });
  }
}

function slot(token: number): number {
  return ticker.columns.slotOf(token);
}

test('instruments that join are heard in their mode, and silent once they have left', async () => {
  const { columns, counts } = ticker;
  await until(() => columns.packetBytes[slot(408_065)] === 44);
  ticker.subscribe([256_265], 'full');
  await until(() => columns.packetBytes[slot(256_265)] === 32);
  expect(columns.lastPrice[slot(256_265)]).toBe(24_000);
  ticker.setMode([408_065], 'full');
  await until(() => columns.packetBytes[slot(408_065)] === 184);
  ticker.unsubscribe([408_065]);
  // The index's answer comes after the share's, had the share still been watched.
  ticker.setMode([256_265], 'ltp');
  await until(() => columns.packetBytes[slot(256_265)] === 8);
  exchange.print(exchange.infosys, 1501);
  exchange.print(exchange.nifty, 24_010);
  await until(() => columns.lastPrice[slot(256_265)] === 24_010);
  expect([slot(408_065), counts.strangers]).toEqual([-1, 0]);
});

test('after a loss the sandbox is asked for what is watched now', async () => {
  const { columns } = ticker;
  await until(() => columns.packetBytes[slot(408_065)] === 44);
  ticker.subscribe([256_265], 'ltp');
  await until(() => columns.packetBytes[slot(256_265)] === 8);
  // Mute for the ticker's clock, so it gives the connection up and comes back.
  clock.step(3_000);
  await until(() => ups === 2);
  exchange.print(exchange.infosys, 1502);
  exchange.print(exchange.nifty, 24_020);
  await until(() => columns.lastPrice[slot(408_065)] === 1502 && columns.lastPrice[slot(256_265)] === 24_020);
  expect([columns.packetBytes[slot(408_065)], columns.packetBytes[slot(256_265)]]).toEqual([44, 8]);
});
