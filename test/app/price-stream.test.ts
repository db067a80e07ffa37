import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { kitePriceStream, type PriceStream } from '../../src/app/price-stream.ts';
import type { BrokerQuote } from '../../src/app/quote.ts';
import { sandboxTicker } from '../support/sandbox-ticker.ts';
import { depth } from '../support/scripted-market.ts';

let exchange: Awaited<ReturnType<typeof sandboxTicker>>;
let stream: PriceStream | undefined;
let wake: () => void = () => undefined;

beforeEach(async () => {
  exchange = await sandboxTicker();
});
afterEach(async () => {
  stream?.close();
  await exchange.close();
});

function open(accessToken = 't'): PriceStream {
  const { wsRoot } = exchange;
  const session = {
    profile: 'main',
    apiKey: 'k',
    accessToken,
    userId: 'AB0001',
    root: '',
    wsRoot,
    prefix: '',
  };
  stream = kitePriceStream({ ...session, sandbox: true, expiry: null }, [408_065, 256_265], () => wake());
  return stream;
}

async function until(fact: () => boolean): Promise<void> {
  while (!fact())
    await new Promise<void>((resolve) => {
      wake = resolve;
      setTimeout(resolve, 20);
    });
}

const asked: BrokerQuote = {
  ...{ token: 408_065, time: 1, lastTradeTime: 1, lastPrice: 1, lastQuantity: 1, averagePrice: 1, volume: 1 },
  ...{ openInterest: 1, open: 1, high: 1, low: 1, close: 1, lowerCircuit: 1_350, upperCircuit: 1_650 },
  ...{ buyQuantity: 1, sellQuantity: 1, bids: [], asks: [] },
};
const askedIndex: BrokerQuote = {
  ...asked,
  token: 256_265,
  volume: null,
  averagePrice: null,
  lowerCircuit: null,
};

test('a quote gets what has come since it was asked for, and keeps what no tick tells', async () => {
  const prices = open();
  expect(prices.newer(asked)).toBe(asked);
  exchange.market.print(exchange.infosys, {
    lastPrice: 1501,
    high: 1502,
    low: 1499,
    volume: 77,
    bids: depth([[5, 1500.9, 1]]),
    asks: depth([
      [6, 1501.1, 2],
      [0, 0, 0],
    ]),
  });
  await until(() => prices.newer(asked).bids.length > 0);
  expect(prices.stands).toBe(true);
  expect(prices.newer(asked)).toMatchObject({
    lastPrice: 1501,
    high: 1502,
    volume: 77,
    time: exchange.market.clock.now(),
    lowerCircuit: 1_350,
    bids: [{ quantity: 5, price: 1500.9, orders: 1 }],
    asks: [{ quantity: 6, price: 1501.1, orders: 2 }],
  });
  await until(() => prices.newer(askedIndex).lastPrice === 24_000);
  expect(prices.newer(askedIndex)).toMatchObject({ volume: null, lowerCircuit: null, bids: [] });
});

test('an app without a stream is told so', async () => {
  const prices = open('another');
  await until(() => prices.trouble !== undefined);
  expect(prices.stands).toBe(false);
  expect(prices.trouble).toMatch(/^Kite refuses the price stream \(403\): the plan of this app has none/);
});
