import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import type { Quote } from '#src/sandbox/market/market.ts';
import { packetBytes, writePacket } from '#src/sandbox/ticker/packet.ts';
import { depth, ScriptedMarket } from '../../support/scripted-market.ts';
import { testWithShared } from '../../support/shared-data.ts';

const market = new ScriptedMarket();

function quoteOf(token: number, change: Partial<Quote>, segment = 'NSE'): Quote {
  const listed = market.list('NSE', `T${token}`, token, segment);
  market.print(listed, change);
  const quote = market.quote(listed.instrument.key);
  if (!quote) throw new Error('a print makes a quote');
  return quote;
}

function packet(quote: Quote, mode: 'ltp' | 'quote' | 'full'): Buffer {
  const bytes = Buffer.alloc(200, 0xff);
  return bytes.subarray(0, writePacket(bytes, 0, quote, mode));
}

const infosys: Partial<Quote> = {
  lastPrice: 1573.15,
  lastQuantity: 1,
  averagePrice: 1570.33,
  volume: 1_175_986,
  buyQuantity: 256_511,
  sellQuantity: 360_503,
  open: 1569.15,
  high: 1575,
  low: 1561.05,
  previousClose: 1567.8,
};

describe('a packet', () => {
  test('of a share in quote mode has 44 bytes, in the order open, high, low, close', () => {
    // Layout: kite.trade/docs/connect/v3/websocket.
    const expected = Buffer.alloc(44);
    [408065, 157315, 1, 157033, 1175986, 256511, 360503, 156915, 157500, 156105, 156780].forEach(
      (value, index) => {
        expected.writeUInt32BE(value, index * 4);
      },
    );
    expect(packet(quoteOf(408065, infosys), 'quote')).toEqual(expected);
  });

  testWithShared('kite-mocks/ticker_quote.packet', 'equals the one Kite publishes', (path) => {
    const published = Buffer.from(readFileSync(path, 'utf8'), 'base64');
    expect(packet(quoteOf(408065, infosys), 'quote')).toEqual(published);
  });

  test('of a share in full mode adds times, open interest and five levels each side', () => {
    const quote = quoteOf(408065, {
      ...infosys,
      time: 1_625_461_887_999,
      lastTradeTime: 1_625_461_886_000,
      openInterest: 7,
      openInterestHigh: 9,
      openInterestLow: 5,
      bids: depth([[5, 1573.4, 1]]),
      asks: depth([
        [172, 1573.7, 3],
        [44, 1573.75, 70_000],
      ]),
    });
    const bytes = packet(quote, 'full');
    expect(bytes.length).toBe(184);
    expect([44, 48, 52, 56, 60].map((offset) => bytes.readUInt32BE(offset))).toEqual([
      1_625_461_886, 7, 9, 5, 1_625_461_887,
    ]);
    expect([64, 68].map((offset) => bytes.readUInt32BE(offset))).toEqual([5, 157_340]);
    expect(bytes.readUInt16BE(72)).toBe(1);
    expect([124, 128].map((offset) => bytes.readUInt32BE(offset))).toEqual([172, 157_370]);
    expect(bytes.readUInt16BE(132)).toBe(3);
    expect(bytes.readUInt16BE(144)).toBe(65_535);
    expect(bytes.subarray(76, 124).every((byte) => byte === 0)).toBe(true);
  });

  test('of an index has 28 or 32 bytes, in the order high, low, open, close', () => {
    const nifty = quoteOf(
      256265,
      {
        lastPrice: 23_406.85,
        high: 23_441.95,
        low: 23_295.95,
        open: 23_344.45,
        previousClose: 23_464.85,
        time: 1_718_176_569_000,
      },
      'INDICES',
    );
    const bytes = packet(nifty, 'full');
    expect(bytes.length).toBe(32);
    expect([0, 4, 8, 12, 16, 20, 28].map((offset) => bytes.readUInt32BE(offset))).toEqual([
      256_265, 2_340_685, 2_344_195, 2_329_595, 2_334_445, 2_346_485, 1_718_176_569,
    ]);
    expect(bytes.readInt32BE(24)).toBe(-5_800);
    expect(packet(nifty, 'quote')).toEqual(bytes.subarray(0, 28));
    expect(packet(nifty, 'ltp')).toEqual(bytes.subarray(0, 8));
  });

  test.each([
    ['a share', 1, 100],
    ['a currency future of NSE', 3, 10_000_000],
    ['a currency future of BSE', 6, 10_000],
    ['a commodity', 7, 100],
  ])('of %s has the divisor of its segment', (_name, segment, divisor) => {
    const bytes = packet(quoteOf(256 * 9 + segment, { lastPrice: 84.25 }), 'ltp');
    expect(bytes.readUInt32BE(4)).toBe(84.25 * divisor);
  });

  test('holds figures above 2^31, and stops at the largest there is', () => {
    expect(packet(quoteOf(408065, { volume: 3_000_000_000 }), 'quote').readUInt32BE(16)).toBe(3_000_000_000);
    expect(packet(quoteOf(408065, { volume: 5_000_000_000 }), 'quote').readUInt32BE(16)).toBe(4_294_967_295);
  });

  test('has 0 where there is no value', () => {
    expect(packet(quoteOf(408065, { averagePrice: Number.NaN }), 'quote').readUInt32BE(12)).toBe(0);
  });

  test('is as long as its mode says', () => {
    const share = quoteOf(408065, {});
    const index = quoteOf(256265, {}, 'INDICES');
    for (const quote of [share, index])
      for (const mode of ['ltp', 'quote', 'full'] as const)
        expect(packet(quote, mode).length).toBe(packetBytes(quote.listed.listing.token, mode));
  });
});
