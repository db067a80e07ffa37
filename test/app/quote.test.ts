import { afterEach, describe, expect, test } from '@jest/globals';
import { archiveOf } from '../../src/app/instruments.ts';
import { accountsOf } from '../../src/app/kite-accounts.ts';
import { type BrokerQuote, type QuoteDoor, quotePage } from '../../src/app/quote.ts';
import { repainting } from '../../src/app/repaint.ts';
import { watchQuotes } from '../../src/app/watch-quotes.ts';
import { AuthError, BrokerError } from '../../src/domain/errors.ts';
import type { TimerClock } from '../../src/engine/ports.ts';
import { depthText, quoteLines, quoteText } from '../../src/reports/quote-text.ts';
import { vaultContext } from '../support/vault-context.ts';

const now = Date.UTC(2026, 10, 25, 4, 0, 12);
const exchangeTime = Date.UTC(2026, 10, 25, 4, 0, 0);
const screen = { width: 140, colour: false };

const level = (price: number, quantity: number) => ({ price, quantity, orders: 2 });
const infy: BrokerQuote = {
  token: 408_065,
  time: exchangeTime,
  lastTradeTime: exchangeTime - 1_000,
  lastPrice: 1_512.5,
  lastQuantity: 5,
  averagePrice: 1_510.25,
  volume: 123_456,
  openInterest: 0,
  open: 1_501,
  high: 1_515,
  low: 1_499,
  close: 1_500,
  lowerCircuit: 1_350,
  upperCircuit: 1_650,
  buyQuantity: 400,
  sellQuantity: 600,
  bids: [level(1_512.4, 10), level(1_512.3, 20)],
  asks: [level(1_512.6, 11), level(1_512.7, 21)],
};
const nifty: BrokerQuote = {
  ...infy,
  token: 256_265,
  lastPrice: 25_000.05,
  close: 24_950.1,
  averagePrice: null,
  volume: null,
  lowerCircuit: null,
  upperCircuit: null,
  buyQuantity: null,
  sellQuantity: null,
  bids: [],
  asks: [],
};

const known = new Map([
  ['NSE:INFY', infy],
  ['NSE:NIFTY 50', nifty],
]);
const door: QuoteDoor = {
  quote: async (_session, keys) => new Map([...known].filter(([key]) => keys.includes(key))),
};

/** A home that is logged in, at 09:30:12. */
async function loggedIn({ sandbox = false } = {}) {
  const world = vaultContext();
  world.time.now = now;
  const accounts = accountsOf(world.context);
  const account = {
    name: 'main',
    apiKey: 'key1',
    userId: 'AB1234',
    sealed: false,
    sandbox,
    redirectPort: 8_617,
  };
  await accounts.put(account, undefined);
  await accounts.saveSession(account, {
    version: 1,
    userId: 'AB1234',
    apiKey: 'key1',
    accessToken: 'token-of-the-day',
    loginTime: now,
    expiry: sandbox ? null : now + 1e9,
    root: 'https://api.kite.trade',
    wsRoot: 'wss://ws.kite.trade',
    prefix: '',
    sandbox,
  });
  return world;
}

describe('algo quote', () => {
  test('says prices as decimal strings, the exchange time and how old it is', async () => {
    const { context } = await loggedIn();
    const page = await quotePage(context, { words: ['nse:infy,NSE:NIFTY 50'] }, door);
    expect(page).toMatchObject({ account: 'main', sandbox: false, missing: [], exitCode: 0 });
    expect(page.quotes[0]).toMatchObject({
      symbol: 'NSE:INFY',
      last: '1512.50',
      change: '12.50',
      changePercent: 0.83,
      close: '1500.00',
      time: '2026-11-25T09:30:00+05:30',
      ageSeconds: 12,
      bids: [
        { price: '1512.40', quantity: 10, orders: 2 },
        { price: '1512.30', quantity: 20, orders: 2 },
      ],
    });
    expect(page.quotes[1]).toMatchObject({ symbol: 'NSE:NIFTY 50', change: '49.95', volume: null, bids: [] });
    const text = quoteText(page, screen);
    expect(text).toMatch(
      /NSE:INFY +1512\.50 +12\.50 +0\.83 .* 1512\.40 +1512\.60 +2026-11-25 09:30:00 +12 s/,
    );
  });

  test('names what the broker does not know with the nearest of the instrument lists, and exits with 5', async () => {
    const { context } = await loggedIn();
    await archiveOf(context).add('2026-11-25', [
      {
        exchange: 'NSE',
        tradingsymbol: 'INFY',
        token: 408_065,
        exchangeToken: 1_594,
        name: 'INFOSYS',
        expiry: '',
        strike: 0,
        tickSize: 0.1,
        lotSize: 1,
        type: 'EQ',
        segment: 'NSE',
      },
    ]);
    const page = await quotePage(context, { words: ['NSE:INFY', 'NSE:INFI', 'NSE:ZZZZZZZ'] }, door);
    expect(page).toMatchObject({
      exitCode: 5,
      missing: [
        { symbol: 'NSE:INFI', nearest: 'NSE:INFY' },
        { symbol: 'NSE:ZZZZZZZ', nearest: null },
      ],
    });
    expect(quoteText(page, screen)).toContain('The broker does not know NSE:INFI. Did you mean NSE:INFY?');
    await expect(quotePage(context, { words: ['NSE:INFI'] }, door)).rejects.toMatchObject({
      code: 'DATA_SYMBOL',
      exitCode: 5,
      message: 'The broker does not know NSE:INFI. Did you mean NSE:INFY?',
    });
  });

  test('takes a universe of the configuration, and refuses more than Kite answers for', async () => {
    const world = await loggedIn();
    const context = {
      ...world.context,
      config: { ...world.context.config, universes: { mine: ['NSE:INFY'] } },
    };
    expect((await quotePage(context, { words: ['mine', 'NSE:INFY'] }, door)).quotes).toHaveLength(1);
    const many = Array.from({ length: 501 }, (_, at) => `NSE:S${at}`);
    await expect(quotePage(context, { words: many }, door)).rejects.toThrow(
      '501 instruments were named; Kite answers for 500 at once.',
    );
    await expect(quotePage(context, { words: [' , '] }, door)).rejects.toMatchObject({ exitCode: 2 });
    await expect(quotePage(context, { words: ['INFY'] }, door)).rejects.toMatchObject({
      code: 'USAGE_SYMBOL',
    });
  });

  test('says that a price is old, and no age in the sandbox', async () => {
    const world = await loggedIn();
    world.time.now = exchangeTime + 3_600_000;
    const page = await quotePage(world.context, { words: ['NSE:INFY'] }, door);
    expect(quoteText(page, screen)).toContain('Older than a minute: NSE:INFY. Is the market open?');
    expect(quoteText(page, screen)).toContain('60 min');
    const sandbox = await loggedIn({ sandbox: true });
    const played = await quotePage(sandbox.context, { words: ['NSE:INFY'] }, door);
    expect(played.quotes[0]?.ageSeconds).toBeNull();
    expect(quoteText(played, screen)).toContain('nothing is real');
  });

  test('without a session exits with 4', async () => {
    await expect(quotePage(vaultContext().context, { words: ['NSE:INFY'] }, door)).rejects.toMatchObject({
      exitCode: 4,
    });
  });
});

describe('algo depth', () => {
  test('shows bids left and asks right, best first, with the sums', async () => {
    const { context } = await loggedIn();
    const text = depthText(await quotePage(context, { words: ['NSE:INFY'] }, door), screen);
    expect(text.split('\n')).toEqual([
      'NSE:INFY  1512.50  12.50 (0.83%)  at 2026-11-25 09:30:00, 12 s old',
      'orders  quantity      bid      ask  quantity  orders',
      expect.stringMatching(/^─/),
      '     2        10  1512.40  1512.60        11       2',
      '     2        20  1512.30  1512.70        21       2',
      expect.stringMatching(/^─/),
      '             400   in all   in all       600',
      'Open 1501.00, high 1515.00, low 1499.00, close before 1500.00.',
      'Volume 1,23,456 at 1510.25 on average.',
      'Circuits 1350.00 and 1650.00.',
    ]);
  });

  test('of an index says that there is none', async () => {
    const { context } = await loggedIn();
    expect(depthText(await quotePage(context, { words: ['NSE:NIFTY 50'] }, door), screen)).toContain(
      'No book: an index is not traded itself.',
    );
  });
});

describe('a watch', () => {
  /** Time goes on only when the watch waits for it. */
  function steppingClock(time: { now: number }): TimerClock & { readonly waits: number[] } {
    const waits: number[] = [];
    return {
      waits,
      now: () => time.now,
      at(until, wake) {
        waits.push(until - time.now);
        time.now = Math.max(time.now, until);
        queueMicrotask(wake);
        return () => undefined;
      },
    };
  }

  test('asks once a second, counted from question to question', async () => {
    const world = await loggedIn();
    const clock = steppingClock(world.time);
    const askedAt: number[] = [];
    const slow: QuoteDoor = {
      quote: async (session, keys) => {
        askedAt.push(world.time.now - now);
        world.time.now += 300;
        return door.quote(session, keys);
      },
    };
    const shown: string[] = [];
    await watchQuotes(world.context, { words: ['NSE:INFY'], count: 3 }, { door: slow, clock }, (page) => {
      shown.push(quoteLines(page));
    });
    expect(askedAt).toEqual([0, 1_000, 2_000]);
    expect(clock.waits).toEqual([700, 700]);
    expect(shown).toEqual(
      Array(3).fill('2026-11-25 09:30:00 NSE:INFY 1512.50 bid 1512.40 ask 1512.60 volume 123456'),
    );
  });

  test('goes on when the broker is away for a moment, and ends after ten failures in a row', async () => {
    const world = await loggedIn();
    let asked = 0;
    const away = new BrokerError('BROKER_AWAY', 'Kite cannot be reached.');
    const flaky: QuoteDoor = {
      quote: async (session, keys) => {
        asked++;
        if (asked % 2 === 1 || asked > 4) throw away;
        return door.quote(session, keys);
      },
    };
    const options = { door: flaky, clock: steppingClock(world.time) };
    await watchQuotes(world.context, { words: ['NSE:INFY'], count: 2 }, options, () => undefined);
    expect(world.said).toEqual([
      'Kite cannot be reached. Asking again.',
      'Kite cannot be reached. Asking again.',
    ]);
    const ended = watchQuotes(world.context, { words: ['NSE:INFY'], count: 1 }, options, () => undefined);
    await expect(ended).rejects.toBe(away);
    expect(asked).toBe(14);
  });

  test('ends at once when the session dies', async () => {
    const world = await loggedIn();
    const dead: QuoteDoor = {
      quote: async () => {
        throw new AuthError('AUTH_TOKEN', 'Token is invalid.');
      },
    };
    const options = { door: dead, clock: steppingClock(world.time) };
    await expect(
      watchQuotes(world.context, { words: ['NSE:INFY'], count: 2 }, options, () => undefined),
    ).rejects.toMatchObject({ code: 'AUTH_TOKEN' });
    await expect(quotePage(world.context, { words: ['NSE:INFY'] }, door)).rejects.toMatchObject({
      code: 'AUTH_LOGIN',
    });
  });
});

describe('a watch with a price stream', () => {
  /** A clock that a test moves, and a stream that it fills. */
  async function streaming() {
    const world = await loggedIn();
    const timers: { at: number; wake: () => void }[] = [];
    const clock: TimerClock = {
      now: () => world.time.now,
      at(at, wake) {
        const timer = { at, wake };
        timers.push(timer);
        return () => {
          timers.splice(timers.indexOf(timer) >>> 0, 1);
        };
      },
    };
    const line = {
      stands: true,
      trouble: undefined as string | undefined,
      prices: new Map<number, number>(),
      changed: (): void => undefined,
      closed: false,
    };
    let asked = 0;
    const pages: { time: number; lines: string; asked: number; trouble: string | undefined }[] = [];
    let due: () => void = () => undefined;
    const watch = (count: number) =>
      watchQuotes(
        world.context,
        { words: ['NSE:INFY', 'NSE:NIFTY 50'], count },
        {
          clock,
          pageMs: 250,
          door: {
            quote: (session, keys) => {
              asked++;
              return door.quote(session, keys);
            },
          },
          stream: (_session, tokens, changed) => {
            expect(tokens).toEqual([408_065, 256_265]);
            line.changed = changed;
            return {
              get stands() {
                return line.stands;
              },
              get trouble() {
                return line.trouble;
              },
              newer: (quote) => ({ ...quote, lastPrice: line.prices.get(quote.token) ?? quote.lastPrice }),
              close: () => {
                line.closed = true;
              },
            };
          },
        },
        (page) => {
          const { trouble } = page;
          pages.push({ time: world.time.now - now, lines: quoteLines(page), asked, trouble });
          due();
        },
      );
    const shown = async (count: number) => {
      while (pages.length < count)
        await new Promise<void>((resolve) => {
          due = resolve;
        });
      // Until the watch waits again.
      await new Promise(setImmediate);
      return pages[count - 1];
    };
    const step = (ms: number) => {
      world.time.now += ms;
      for (const timer of timers.filter(({ at }) => at <= world.time.now)) {
        timers.splice(timers.indexOf(timer), 1);
        timer.wake();
      }
    };
    const tick = (token: number, price: number) => {
      line.prices.set(token, price);
      line.changed();
    };
    return { line, watch, shown, step, tick, pages };
  }

  test('asks once, then shows what changed, each page a little after the one before', async () => {
    const { line, watch, shown, step, tick } = await streaming();
    const ended = watch(4);
    await shown(1);
    tick(408_065, 1_513);
    step(249);
    step(1);
    expect(await shown(2)).toEqual({
      time: 250,
      lines: '2026-11-25 09:30:00 NSE:INFY 1513.00 bid 1512.40 ask 1512.60 volume 123456',
      asked: 1,
      trouble: undefined,
    });
    step(400);
    tick(256_265, 25_001);
    expect(await shown(3)).toMatchObject({ time: 650, asked: 1, lines: expect.stringContaining('25001.00') });
    // Nothing changed: a page each second all the same, since ages go on, but no line.
    step(999);
    step(1);
    expect(await shown(4)).toMatchObject({ time: 1_650, asked: 1, lines: '' });
    await ended;
    expect(line.closed).toBe(true);
  });

  test('asks again once a minute, for what the stream does not tell', async () => {
    const { watch, shown, step } = await streaming();
    const ended = watch(62);
    for (let page = 1; page <= 61; page++) {
      expect((await shown(page)).asked).toBe(page <= 60 ? 1 : 2);
      step(1_000);
    }
    await ended;
  });

  test('asks every second while the stream is away, and says why', async () => {
    const { line, watch, shown, step } = await streaming();
    const ended = watch(4);
    await shown(1);
    Object.assign(line, { stands: false, trouble: 'The price stream is away.' });
    step(1_000);
    expect(await shown(2)).toMatchObject({ asked: 2, trouble: 'The price stream is away.' });
    step(1_000);
    expect((await shown(3)).asked).toBe(3);
    Object.assign(line, { stands: true, trouble: undefined });
    step(1_000);
    expect(await shown(4)).toMatchObject({ asked: 3, trouble: undefined });
    await ended;
  });
});

describe('pages that follow each other', () => {
  let written = '';
  afterEach(() => {
    written = '';
  });
  const stream = (isTTY: boolean) => ({
    isTTY,
    write: (text: string) => {
      written += text;
    },
  });

  test('are painted over each other on a terminal', () => {
    const paint = repainting(stream(true));
    paint({ screen: 'a\nb\nc', lines: '' });
    paint({ screen: 'd', lines: '' });
    const esc = String.fromCharCode(27);
    expect(written).toBe(`\ra${esc}[K\nb${esc}[K\nc${esc}[K\n${esc}[J${esc}[3A\rd${esc}[K\n${esc}[J`);
  });

  test('follow as lines elsewhere', () => {
    const paint = repainting(stream(false));
    paint({ screen: 'a\nb', lines: 'x' });
    paint({ screen: 'b', lines: '' });
    paint({ screen: 'c', lines: 'y' });
    expect(written).toBe('x\ny\n');
  });
});
