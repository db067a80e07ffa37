import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { refusalOf } from './refusal.ts';
import { openRehearsal, type Rehearsal } from './rehearsal.ts';
import {
  availableKeys,
  chargeKeys,
  contractNoteKeys,
  holdingKeys,
  marginKeys,
  missingKeys,
  orderMarginKeys,
  positionKeys,
  triggerKeys,
  utilisedKeys,
} from './shapes.ts';

let stand: Rehearsal;
/** Price of NSE:INFY, rupees. */
let last: number;

beforeAll(async () => {
  stand = await openRehearsal();
});

beforeEach(async () => {
  stand.nextSecond();
  last = (await stand.kite.getLTP(['NSE:INFY']))['NSE:INFY']?.last_price ?? 0;
});

afterAll(() => stand.close());

function near(percent: number): number {
  return Number((Math.round((last * (1 + percent / 100)) / 0.05) * 0.05).toFixed(2));
}

async function bought(quantity: number, product: string, tradingsymbol = 'INFY'): Promise<void> {
  await stand.kite.placeOrder('regular', {
    exchange: 'NSE',
    tradingsymbol,
    transaction_type: 'BUY',
    quantity,
    product,
    order_type: 'MARKET',
    validity: 'DAY',
    market_protection: -1,
  });
  stand.play(120);
}

const infosys = { exchange: 'NSE', tradingsymbol: 'INFY' };

describe('positions', () => {
  test('come as net and day, and have every key', async () => {
    await bought(10, 'MIS');
    const positions = await stand.kite.getPositions();
    expect(Object.keys(positions).sort()).toEqual(['day', 'net']);
    const position = positions.net.find((row) => row.tradingsymbol === 'INFY' && row.product === 'MIS');
    expect(missingKeys(position, positionKeys)).toEqual([]);
    expect(position).toMatchObject({
      quantity: 10,
      overnight_quantity: 0,
      multiplier: 1,
      buy_quantity: 10,
      sell_quantity: 0,
      day_buy_quantity: 10,
    });
  });

  test('are worth what was bought, and their profit moves with the price', async () => {
    const position = (await stand.kite.getPositions()).net.find(
      (row) => row.tradingsymbol === 'INFY' && row.product === 'MIS',
    );
    if (!position) throw new Error('no position');
    expect(position.buy_value).toBeCloseTo(position.average_price * 10, 2);
    expect(position.value).toBeCloseTo(-position.buy_value, 2);
    expect(position.pnl).toBeCloseTo(position.last_price * 10 - position.buy_value, 2);
  });

  test('are converted to another product', async () => {
    const converted = await stand.kite.convertPosition({
      ...infosys,
      transaction_type: 'BUY',
      position_type: 'day',
      quantity: 4,
      old_product: 'MIS',
      new_product: 'CNC',
    });
    expect(converted).toBe(true);
    const { net } = await stand.kite.getPositions();
    const of = (product: string) =>
      net.find((row) => row.tradingsymbol === 'INFY' && row.product === product);
    expect([of('MIS')?.quantity, of('CNC')?.quantity]).toEqual([6, 4]);
  });

  test('are not converted beyond what is held', async () => {
    const asked = stand.kite.convertPosition({
      ...infosys,
      transaction_type: 'BUY',
      position_type: 'day',
      quantity: 1_000,
      old_product: 'MIS',
      new_product: 'CNC',
    });
    expect(await refusalOf(asked)).toMatchObject({ error_type: expect.any(String) });
  });
});

describe('holdings', () => {
  test('have every key when there are any', async () => {
    for (const holding of await stand.kite.getHoldings())
      expect(missingKeys(holding, holdingKeys)).toEqual([]);
  });

  test('auctions are a list', async () => {
    expect(await stand.kite.getAuctionInstruments()).toEqual([]);
  });
});

describe('margins', () => {
  test('of the account come for both segments with every key', async () => {
    const margins = await stand.kite.getMargins();
    for (const segment of ['equity', 'commodity'] as const) {
      expect(missingKeys(margins[segment], marginKeys)).toEqual([]);
      expect(missingKeys(margins[segment]?.available, availableKeys)).toEqual([]);
      expect(missingKeys(margins[segment]?.utilised, utilisedKeys)).toEqual([]);
    }
  });

  test('of one segment come alone', async () => {
    const equity = await stand.kite.getMargins('equity');
    expect(equity).toEqual((await stand.kite.getMargins()).equity);
  });

  const order = {
    ...infosys,
    transaction_type: 'BUY',
    variety: 'regular',
    product: 'CNC',
    order_type: 'LIMIT',
    quantity: 1,
    price: 0,
    trigger_price: 0,
  };

  test('of an order have every key and its charges', async () => {
    const [margin] = await stand.kite.orderMargins([{ ...order, price: near(0) }], null);
    expect(missingKeys(margin, orderMarginKeys)).toEqual([]);
    expect(missingKeys(margin?.charges, chargeKeys)).toEqual([]);
    expect(margin).toMatchObject({ type: 'equity', tradingsymbol: 'INFY', exchange: 'NSE' });
    expect(margin?.total).toBeCloseTo(near(0), 1);
  });

  test('of several orders come in their order', async () => {
    const margins = await stand.kite.orderMargins([
      { ...order, price: near(0) },
      { ...order, tradingsymbol: 'SBIN', quantity: 2, price: 100 },
    ]);
    expect(margins).toHaveLength(2);
  });

  test('of a basket say what is needed before and after netting', async () => {
    const basket = await stand.kite.orderBasketMargins([{ ...order, price: near(0) }], true, null);
    expect(Object.keys(basket).sort()).toEqual(expect.arrayContaining(['final', 'initial', 'orders']));
    expect(basket.orders).toHaveLength(1);
    expect(basket.initial?.total).toBeGreaterThan(0);
  });

  test('are used up by an order', async () => {
    const before = (await stand.kite.getMargins('equity')) as unknown as { net: number };
    await stand.kite.placeOrder('regular', { ...order, quantity: 3, price: near(-1), validity: 'DAY' });
    const after = (await stand.kite.getMargins('equity')) as unknown as { net: number };
    expect(before.net - after.net).toBeGreaterThan(near(-1) * 2);
  });
});

describe('the virtual contract note', () => {
  const trade = {
    order_id: '1',
    ...infosys,
    transaction_type: 'BUY',
    variety: 'regular',
    product: 'CNC',
    order_type: 'MARKET',
    quantity: 10,
    average_price: 1_500,
  };

  test('of an order has every key and its charges', async () => {
    const [note] = await stand.kite.getvirtualContractNote([trade]);
    expect(missingKeys(note, contractNoteKeys)).toEqual([]);
    expect(missingKeys(note?.charges, chargeKeys)).toEqual([]);
    expect(note).toMatchObject({ tradingsymbol: 'INFY', quantity: 10, price: 1_500 });
  });

  // Delivery: STT 0.1 % of the turnover on both sides, stamp duty 0.015 % on the buyer, no brokerage. Source: Zerodha's list of charges.
  test('of delivery charges 0.1 % securities tax, stamp duty and no brokerage', async () => {
    const [note] = await stand.kite.getvirtualContractNote([trade]);
    const charges = note?.charges;
    expect(charges?.transaction_tax_type).toBe('stt');
    expect(charges?.transaction_tax).toBeCloseTo(15, 0);
    expect(charges?.stamp_duty).toBeCloseTo(2.25, 0);
    expect(charges?.brokerage).toBe(0);
  });

  test('adds up', async () => {
    const [note] = await stand.kite.getvirtualContractNote([{ ...trade, product: 'MIS' }]);
    const charges = note?.charges;
    if (!charges) throw new Error('no charges');
    const parts =
      charges.transaction_tax +
      charges.exchange_turnover_charge +
      charges.sebi_turnover_charge +
      charges.brokerage +
      charges.stamp_duty +
      charges.gst.total;
    expect(charges.total).toBeCloseTo(parts, 6);
  });

  test('of several orders comes in their order', async () => {
    const notes = await stand.kite.getvirtualContractNote([trade, { ...trade, quantity: 20 }]);
    expect(notes.map((note) => note.quantity)).toEqual([10, 20]);
  });
});

describe('triggers', () => {
  const single = () => ({
    ...infosys,
    trigger_type: 'single',
    trigger_values: [near(-4)],
    last_price: last,
    orders: [{ transaction_type: 'BUY', quantity: 1, product: 'CNC', order_type: 'LIMIT', price: near(-4) }],
  });
  const twoLegs = () => ({
    ...infosys,
    trigger_type: 'two-leg',
    trigger_values: [near(-4), near(4)],
    last_price: last,
    orders: [
      { transaction_type: 'SELL', quantity: 1, product: 'CNC', order_type: 'LIMIT', price: near(-4) },
      { transaction_type: 'SELL', quantity: 1, product: 'CNC', order_type: 'LIMIT', price: near(4) },
    ],
  });

  test('with one leg are placed, shown with every key, and deleted', async () => {
    const { trigger_id } = await stand.kite.placeGTT(single());
    const trigger = await stand.kite.getGTT(trigger_id);
    expect(missingKeys(trigger, triggerKeys)).toEqual([]);
    expect(trigger).toMatchObject({
      id: trigger_id,
      type: 'single',
      status: 'active',
      condition: { tradingsymbol: 'INFY', trigger_values: [near(-4)] },
    });
    expect(await stand.kite.deleteGTT(trigger_id)).toMatchObject({ trigger_id });
    expect((await stand.kite.getGTT(trigger_id)).status).toBe('deleted');
  });

  test('with two legs are placed and listed', async () => {
    const { trigger_id } = await stand.kite.placeGTT(twoLegs());
    const listed = (await stand.kite.getGTTs()).find((trigger) => trigger.id === trigger_id);
    expect(listed).toMatchObject({ type: 'two-leg', status: 'active' });
    expect(listed?.orders).toHaveLength(2);
  });

  test('are modified', async () => {
    const { trigger_id } = await stand.kite.placeGTT(single());
    const changed = { ...single(), trigger_values: [near(-5)] };
    expect(await stand.kite.modifyGTT(trigger_id, changed)).toMatchObject({ trigger_id });
    expect((await stand.kite.getGTT(trigger_id)).condition).toMatchObject({ trigger_values: [near(-5)] });
  });

  test('fire when the price has crossed, and say which order came of it', async () => {
    const at = near(-0.02);
    const { trigger_id } = await stand.kite.placeGTT({
      ...single(),
      trigger_values: [at],
      last_price: last,
      orders: [{ transaction_type: 'BUY', quantity: 1, product: 'CNC', order_type: 'LIMIT', price: near(2) }],
    });
    let status = '';
    for (let minutes = 0; minutes < 240 && status !== 'triggered'; minutes += 10) {
      stand.play(600);
      status = String((await stand.kite.getGTT(trigger_id)).status);
    }
    expect(status).toBe('triggered');
    const { orders } = await stand.kite.getGTT(trigger_id);
    expect(orders[0]).toMatchObject({ result: { order_result: { order_id: expect.any(String) } } });
  });

  test('of market orders are refused', async () => {
    const asked = single();
    const order = { ...asked.orders[0], order_type: 'MARKET' };
    expect(await refusalOf(stand.kite.placeGTT({ ...asked, orders: [order] }))).toHaveProperty('error_type');
  });

  test('of product MIS are refused', async () => {
    const asked = single();
    const order = { ...asked.orders[0], product: 'MIS' };
    expect(await refusalOf(stand.kite.placeGTT({ ...asked, orders: [order] }))).toHaveProperty('error_type');
  });

  test('that are unknown are refused', async () => {
    expect(await refusalOf(stand.kite.getGTT('999999999'))).toHaveProperty('error_type');
  });
});
