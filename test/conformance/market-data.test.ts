import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { refusalOf } from './refusal.ts';
import { openRehearsal, type Rehearsal } from './rehearsal.ts';
import { instrumentKeys, missingKeys, quoteKeys } from './shapes.ts';

let stand: Rehearsal;

beforeAll(async () => {
  stand = await openRehearsal();
});

beforeEach(() => stand.nextSecond());

afterAll(() => stand.close());

describe('instruments', () => {
  test('of all exchanges come as CSV that the official client splits into rows', async () => {
    const rows = await instruments();
    expect(rows.length).toBeGreaterThan(5);
    for (const row of rows) expect(missingKeys(row, instrumentKeys)).toEqual([]);
  });

  test('have the tokens that every program knows', async () => {
    const rows = await instruments();
    const tokenOf = (symbol: string): number =>
      Number(rows.find((row) => row.tradingsymbol === symbol && row.exchange === 'NSE')?.instrument_token);
    expect(tokenOf('INFY')).toBe(408065);
    expect(tokenOf('SBIN')).toBe(779521);
    expect(tokenOf('NIFTY 50')).toBe(256265);
    expect(tokenOf('NIFTY BANK')).toBe(260105);
  });

  test('have tokens made of the exchange token and the segment', async () => {
    for (const row of await instruments())
      expect(Number(row.instrument_token) >> 8).toBe(Number(row.exchange_token));
  });

  test('of an index are of segment INDICES', async () => {
    const nifty = (await instruments()).find((row) => row.tradingsymbol === 'NIFTY 50');
    expect(nifty).toMatchObject({ segment: 'INDICES', instrument_type: 'EQ', exchange: 'NSE' });
  });

  test('of one exchange are those of it alone', async () => {
    const rows = await instruments('NSE');
    expect(rows.length).toBeGreaterThan(3);
    expect(new Set(rows.map((row) => row.exchange))).toEqual(new Set(['NSE']));
  });

  test('have expiry and lot for futures', async () => {
    const future = (await instruments('NFO')).find((row) => row.instrument_type === 'FUT');
    expect(future?.expiry).toBeInstanceOf(Date);
    expect(Number(future?.lot_size)).toBeGreaterThan(1);
    expect(future?.segment).toBe('NFO-FUT');
  });

  test('come gzipped to whom it asks for it', async () => {
    const raw = await stand.raw('GET', '/instruments', { 'accept-encoding': 'gzip' });
    expect(raw.headers['content-encoding']).toBe('gzip');
    expect(raw.headers['content-type']).toContain('text/csv');
  });

  async function instruments(exchange?: string): Promise<Array<Record<string, unknown>>> {
    const rows: unknown = await stand.kite.getInstruments(exchange);
    if (!Array.isArray(rows)) throw new Error('the official client got no rows');
    // The official client adds a row made of the file's last line break.
    return rows.filter((row) => row.tradingsymbol !== undefined);
  }
});

describe('mutual funds', () => {
  test('are read without rows', async () => {
    expect(await stand.kite.getMFOrders()).toEqual([]);
    expect(await stand.kite.getMFSIPS()).toEqual([]);
    expect(await stand.kite.getMFHoldings()).toEqual([]);
    const listed = await stand.kite.getMFInstruments();
    expect(listed.filter((fund) => fund.amc !== undefined)).toEqual([]);
    expect(await refusalOf(stand.kite.getMFOrders('1'))).toMatchObject({ error_type: 'InputException' });
  });
});

describe('quotes', () => {
  test('have every key, and five levels each side', async () => {
    const { 'NSE:INFY': quote } = await stand.kite.getQuote(['NSE:INFY']);
    expect(missingKeys(quote, quoteKeys)).toEqual([]);
    expect(quote?.instrument_token).toBe(408065);
    expect(quote?.depth?.buy).toHaveLength(5);
    expect(quote?.depth?.sell).toHaveLength(5);
    expect(quote?.timestamp).toBeInstanceOf(Date);
  });

  test('have bids below asks, and the best first', async () => {
    const { 'NSE:INFY': quote } = await stand.kite.getQuote(['NSE:INFY']);
    const bids = quote?.depth?.buy.map((level) => level.price) ?? [];
    const asks = quote?.depth?.sell.map((level) => level.price) ?? [];
    expect(bids).toEqual([...bids].sort((a, b) => b - a));
    expect(asks).toEqual([...asks].sort((a, b) => a - b));
    expect(bids[0]).toBeLessThan(asks[0] ?? 0);
  });

  test('lie within the day and its circuit limits', async () => {
    const { 'NSE:INFY': quote } = await stand.kite.getQuote(['NSE:INFY']);
    if (!quote) throw new Error('no quote');
    expect(quote.last_price).toBeLessThanOrEqual(quote.ohlc.high);
    expect(quote.last_price).toBeGreaterThanOrEqual(quote.ohlc.low);
    expect(quote.ohlc.high).toBeLessThanOrEqual(Number(quote.upper_circuit_limit));
    expect(quote.ohlc.low).toBeGreaterThanOrEqual(Number(quote.lower_circuit_limit));
  });

  test('of an index have no depth and no volume', async () => {
    const { 'NSE:NIFTY 50': quote } = await stand.kite.getQuote(['NSE:NIFTY 50']);
    expect(quote?.instrument_token).toBe(256265);
    expect(quote).not.toHaveProperty('depth');
    expect(quote).not.toHaveProperty('volume');
  });

  test('of several instruments come in one reply', async () => {
    expect(Object.keys(await stand.kite.getQuote(['NSE:INFY', 'NSE:SBIN'])).sort()).toEqual([
      'NSE:INFY',
      'NSE:SBIN',
    ]);
  });

  test('of unknown instruments are silently missing', async () => {
    expect(Object.keys(await stand.kite.getQuote(['NSE:INFY', 'NSE:NOSUCH']))).toEqual(['NSE:INFY']);
  });

  test('may be asked by token', async () => {
    const quotes = await stand.kite.getQuote(['408065']);
    expect(quotes['408065']?.instrument_token).toBe(408065);
  });

  test('OHLC has token, price and four prices and nothing else', async () => {
    const { 'NSE:INFY': ohlc } = await stand.kite.getOHLC(['NSE:INFY']);
    expect(Object.keys(ohlc ?? {}).sort()).toEqual(['instrument_token', 'last_price', 'ohlc']);
    expect(Object.keys(ohlc?.ohlc ?? {}).sort()).toEqual(['close', 'high', 'low', 'open']);
  });

  test('LTP has token and price and nothing else', async () => {
    const { 'NSE:INFY': ltp } = await stand.kite.getLTP(['NSE:INFY']);
    expect(Object.keys(ltp ?? {}).sort()).toEqual(['instrument_token', 'last_price']);
  });

  test('of all three kinds agree on the price', async () => {
    const keys = ['NSE:INFY'];
    const quote = (await stand.kite.getQuote(keys))['NSE:INFY']?.last_price;
    stand.nextSecond();
    const ohlc = (await stand.kite.getOHLC(keys))['NSE:INFY']?.last_price;
    stand.nextSecond();
    const ltp = (await stand.kite.getLTP(keys))['NSE:INFY']?.last_price;
    expect(quote).toBeGreaterThan(0);
    expect([ohlc, ltp]).toEqual([quote, quote]);
  });

  test('without an instrument are refused', async () => {
    expect(await refusalOf(stand.kite.getQuote([]))).toMatchObject({ error_type: 'InputException' });
  });

  test('of more than 500 instruments are refused', async () => {
    const many = Array.from({ length: 501 }, (_, index) => String(256 * (index + 1) + 1));
    expect(await refusalOf(stand.kite.getQuote(many))).toMatchObject({ error_type: 'InputException' });
  });

  test('are limited to one request a second, with 429', async () => {
    await stand.kite.getLTP(['NSE:INFY']);
    expect(await refusalOf(stand.kite.getLTP(['NSE:INFY']))).toMatchObject({
      error_type: 'NetworkException',
      message: 'Too many requests',
    });
    stand.nextSecond();
    expect(await stand.kite.getLTP(['NSE:INFY'])).toHaveProperty('NSE:INFY');
  });
});

describe('candles', () => {
  const at = (days: number, time: string): string => `${stand.dayBefore(days)} ${time}`;

  test('of a minute are stamped with their opening and lie inside the session', async () => {
    const candles = await stand.kite.getHistoricalData(
      408065,
      'minute',
      at(4, '00:00:00'),
      at(0, '00:00:00'),
    );
    expect(candles.length).toBeGreaterThan(300);
    for (const { date } of candles) {
      expect(date).toBeInstanceOf(Date);
      const minute = (date.getTime() / 60_000 + 330) % 1_440;
      expect(minute).toBeGreaterThanOrEqual(555);
      expect(minute).toBeLessThan(930);
    }
  });

  test('are whole: high and low hold open and close', async () => {
    const candles = await stand.kite.getHistoricalData(
      408065,
      '5minute',
      at(4, '00:00:00'),
      at(0, '00:00:00'),
    );
    expect(candles.length).toBeGreaterThan(60);
    for (const { open, high, low, close, volume } of candles) {
      expect(high).toBeGreaterThanOrEqual(Math.max(open, close));
      expect(low).toBeLessThanOrEqual(Math.min(open, close));
      expect(Number.isInteger(volume)).toBe(true);
    }
  });

  test.each(['minute', '3minute', '5minute', '10minute', '15minute', '30minute', '60minute', 'day'] as const)(
    'of interval %s are served',
    async (interval) => {
      const candles = await stand.kite.getHistoricalData(
        408065,
        interval,
        at(5, '00:00:00'),
        at(0, '00:00:00'),
      );
      expect(candles.length).toBeGreaterThan(0);
    },
  );

  async function candlesOf(
    interval: string,
    days = 5,
  ): Promise<readonly [string, number, number, number, number, number][]> {
    stand.nextSecond();
    const span = `from=${at(days, '00:00:00')}&to=${at(1, '23:59:59')}`;
    const { status, text } = await stand.raw('GET', `/instruments/historical/408065/${interval}?${span}`);
    expect(status).toBe(200);
    return JSON.parse(text).data.candles;
  }

  test.each(['2minute', '4minute', 'hour', '2hour', '3hour', '4hour'])(
    'of interval %s, which Kite knows and does not document, add up to the same day',
    async (interval) => {
      const candles = await candlesOf(interval);
      const volume = (rows: typeof candles) => rows.reduce((sum, [, , , , , units]) => sum + units, 0);
      expect(volume(candles)).toBe(volume(await candlesOf('60minute')));
      expect(candles[0][0]).toContain('T09:15:00+0530');
    },
  );

  test('of a week begin on its Monday', async () => {
    const weeks = await candlesOf('week', 8);
    expect(weeks.length).toBeGreaterThan(0);
    for (const [time] of weeks) expect(new Date(time.slice(0, 10)).getUTCDay()).toBe(1);
  });

  test('are never from the future', async () => {
    const candles = await stand.kite.getHistoricalData(
      408065,
      'minute',
      at(1, '00:00:00'),
      at(-1, '23:59:59'),
    );
    const last = candles.at(-1)?.date.getTime() ?? Number.POSITIVE_INFINITY;
    expect(last).toBeLessThanOrEqual(stand.clock.now());
  });

  test('have open interest when it is asked for', async () => {
    const raw = await stand.raw(
      'GET',
      `/instruments/historical/408065/day?from=${at(5, '00:00:00')}&to=${at(0, '00:00:00')}&oi=1`,
    );
    const { data } = JSON.parse(raw.text);
    expect(data.candles[0]).toHaveLength(7);
  });

  test('have six values without it, and a stamp of India', async () => {
    const raw = await stand.raw(
      'GET',
      `/instruments/historical/408065/day?from=${at(5, '00:00:00')}&to=${at(0, '00:00:00')}`,
    );
    const { data } = JSON.parse(raw.text);
    expect(data.candles[0]).toHaveLength(6);
    expect(data.candles[0][0]).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+0530$/);
  });

  test('of a span beyond the limit of their interval are refused', async () => {
    const asked = stand.kite.getHistoricalData(408065, 'minute', at(70, '00:00:00'), at(0, '00:00:00'));
    expect(await refusalOf(asked)).toMatchObject({
      error_type: 'InputException',
      message: 'interval exceeds max limit: 60 days',
    });
  });

  test('of an unknown interval are refused', async () => {
    const asked = stand.kite.getHistoricalData(408065, '7minute', at(1, '00:00:00'), at(0, '00:00:00'));
    expect(await refusalOf(asked)).toMatchObject({ error_type: 'InputException' });
  });

  test('of an unknown token are refused', async () => {
    const asked = stand.kite.getHistoricalData(1, 'day', at(5, '00:00:00'), at(0, '00:00:00'));
    expect(await refusalOf(asked)).toMatchObject({ error_type: 'InputException' });
  });

  test('of a span that runs backwards are refused', async () => {
    const asked = stand.kite.getHistoricalData(408065, 'day', at(0, '00:00:00'), at(5, '00:00:00'));
    expect(await refusalOf(asked)).toMatchObject({ error_type: 'InputException' });
  });

  test('are limited to three requests a second', async () => {
    const ask = () => stand.kite.getHistoricalData(408065, 'day', at(5, '00:00:00'), at(0, '00:00:00'));
    for (let request = 0; request < 3; request++) await ask();
    expect(await refusalOf(ask())).toMatchObject({ error_type: 'NetworkException' });
  });
});
