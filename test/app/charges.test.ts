import { describe, expect, test } from '@jest/globals';
import { type ChargesRequest, chargesPage } from '../../src/app/charges.ts';
import { chargesPageSchema } from '../../src/app/charges-page.ts';
import { instantOf } from '../../src/domain/time.ts';
import { chargesText } from '../../src/reports/charges-text.ts';
import { day, projectRoot } from '../support/india.ts';

const folders = { root: projectRoot, home: projectRoot, data: '', cache: '' };
const screen = { width: 120, colour: false };
const clock = { now: () => instantOf(day('2026-11-20'), 600) };
const intraday = { segment: 'EQ_INTRADAY', side: 'BOTH', quantity: 400, price: 1_000, exitPrice: 1_100 };

function page(request: Partial<ChargesRequest>) {
  return chargesPage(folders, { ...intraday, ...request }, clock);
}

describe('algo charges', () => {
  test("an intraday round trip is priced as Zerodha's calculator does, and says what the note does", () => {
    const result = page({});
    expect(chargesPageSchema.parse(result).days[0]).toMatchObject({
      date: '2026-11-20',
      lines: {
        ...{ brokerage: '40.00', stt: '110.00', exchange: '25.79', ipft: '0.00' },
        ...{ sebi: '0.84', stamp: '12.00', gst: '11.99', dp: '0.00' },
      },
      total: '200.62',
      percentOfTurnover: 0.0239,
      unverified: [],
    });
    expect(result.turnover).toBe('840000.00');
    expect(result.notes).toEqual([
      "2026-11-20: STT here is on the value sold, as in Zerodha's calculator; a contract note takes the day's mean price: 105.00.",
    ]);
    expect(chargesText(result, screen)).toContain('STT / CTT                       110.00');
  });

  test('a delivery sold pays the depository', () => {
    const { lines, total } = page({ segment: 'EQ_DELIVERY' }).days[0];
    expect(lines).toMatchObject({
      stt: '840.00',
      exchange: '25.79',
      sebi: '0.84',
      gst: '4.79',
      stamp: '60.00',
      dp: '15.34',
    });
    expect(total).toBe('946.76');
  });

  test('one order by itself has no exit', () => {
    const result = page({ segment: 'EQ_OPT', side: 'sell', quantity: 65, price: 110, exitPrice: undefined });
    expect(result).toMatchObject({ exchange: 'NFO', underlying: 'NIFTY', turnover: '7150.00' });
    expect(result).not.toHaveProperty('exitPrice');
    expect(result.days[0].lines).toMatchObject({ brokerage: '20.00', stt: '11.00', stamp: '0.00' });
  });

  test.each(['BUY', 'SELL'])('a round trip at the breakeven move pays exactly its charges: %s', (side) => {
    const future = { segment: 'EQ_FUT', quantity: 65, price: 24_000 };
    const { breakevenMove } = page({ ...future, side, exitPrice: undefined }).days[0];
    const exit = side === 'BUY' ? 24_000 + breakevenMove : 24_000 - breakevenMove;
    const [bought, sold] = side === 'BUY' ? [24_000, exit] : [exit, 24_000];
    const round = page({ ...future, side: 'BOTH', price: bought, exitPrice: sold }).days[0];
    expect(Math.abs((sold - bought) * 65 - Number(round.total))).toBeLessThanOrEqual(0.01);
    expect(breakevenMove).toBeGreaterThan(14);
  });

  test('days are compared column by column', () => {
    const result = page({
      segment: 'EQ_FUT',
      quantity: 65,
      price: 24_000,
      exitPrice: undefined,
      compare: '2024-09-30, 2026-04-01',
    });
    expect(result.days.map(({ date, lines }) => [date, lines.stt])).toEqual([
      ['2024-09-30', '195.00'],
      ['2026-04-01', '780.00'],
    ]);
    expect(chargesText(result, screen)).toContain(
      'STT / CTT                       195.00      780.00  585.00',
    );
  });

  test.each([
    [{ segment: 'EQ_INTRADY' }, 'Unknown --segment "EQ_INTRADY". Did you mean "EQ_INTRADAY"?'],
    [{ side: 'LONG' }, 'Unknown --side "LONG".'],
    [{ quantity: '4x' }, '--quantity was "4x".'],
    [{ quantity: 1.5 }, '--quantity was "1.5".'],
    [{ price: -1 }, '--price was "-1".'],
    [{ exchange: 'MCX' }, 'Unknown --exchange "MCX".'],
    [{ side: 'BUY' }, '--exit-price needs --side BOTH.'],
    [{ date: '2026-02-30' }, '"2026-02-30" is not a date.'],
    [
      { date: '2014-06-02' },
      'The Zerodha price list has no brokerage rate for EQ_DELIVERY on NSE on 2014-06-02.',
    ],
  ])('mistakes are refused: %j', (request, message) => {
    expect(() => page(request)).toThrow(message);
  });
});
