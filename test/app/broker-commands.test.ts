import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { JournalLog } from '#src/adapters/journal/journal-log.ts';
import { fundsPage, holdingsPage, ordersPage, positionsPage } from '#src/app/broker-reads.ts';
import { deleteTrigger, modifyTrigger, placeTrigger, triggersPage } from '#src/app/gtt.ts';
import { cancelByHand, modifyByHand, type PlaceRequest, placeByHand } from '#src/app/hand-order.ts';
import { loginDoors, quoteDoor } from '#src/app/kite-doors.ts';
import { openKiteSession } from '#src/app/kite-session.ts';
import { login } from '#src/app/login.ts';
import { reconcile } from '#src/app/reconcile.ts';
import { type RunningSandbox, sandboxUp } from '#src/app/sandbox.ts';
import { askSandbox } from '#src/app/sandbox-control.ts';
import { readNotice } from '#src/app/sandbox-notice.ts';
import { streamFolder } from '#src/app/streams.ts';
import { fundsText, holdingsText, ordersText, positionsText } from '#src/reports/broker-text.ts';
import { handText, triggersText, triggerText } from '#src/reports/hand-text.ts';
import { reconcileText } from '#src/reports/reconcile-text.ts';
import { plainIntent } from '../support/kite-stage.ts';
import { projectRoot } from '../support/project-root.ts';
import { askAlgo } from '../support/run-algo.ts';
import { vaultContext } from '../support/vault-context.ts';

const world = vaultContext();
const context = {
  ...world.context,
  folders: { ...world.context.folders, root: projectRoot },
  config: {
    ...world.context.config,
    synthetic: { ...world.context.config.synthetic, symbols: 2, days: 3 },
  },
};
const screen = { width: 160, colour: false };
const confirm = 'AB1234';
let sandbox: RunningSandbox;

beforeAll(async () => {
  sandbox = await sandboxUp(context, {
    ...{ port: 0, at: '10:00', speed: '1x', paused: true, seed: 1, accounts: 'AB1234', prefix: undefined },
    ...{ staticIp: false, limits: false, autoLogin: false, nights: 'leap' },
  });
  await login(context, { paste: false, sandbox: true, open: false }, loginDoors(context));
});
afterAll(() => sandbox.close());

const fault = (rule: object) =>
  askSandbox(
    { url: sandbox.url, secret: readNotice(context.folders)?.secret ?? '' },
    '/sandbox/faults',
    rule,
  );

function order(wanted: Partial<PlaceRequest> = {}): PlaceRequest {
  return {
    ...{ side: 'BUY', symbol: 'NSE:INFY', quantity: 3, type: 'MARKET', product: 'MIS' },
    ...{ validity: 'DAY', variety: 'regular' },
    ...wanted,
  };
}
const book = async () => (await ordersPage(context, {})).orders;
const lastPrice = async () => {
  const quotes = await quoteDoor(context).quote(await openKiteSession(context), ['NSE:INFY']);
  return quotes.get('NSE:INFY')?.lastPrice ?? Number.NaN;
};
const onTick = (price: number) => Math.round(price * 10) / 10;

describe('an order by hand', () => {
  test('is shown with what it ties up and costs, and nothing is sent', async () => {
    const page = await placeByHand(context, order());
    expect(page).toMatchObject({
      ...{ action: 'place', sent: false, orderId: null, userId: 'AB1234', sandbox: true },
      form: { exchange: 'NSE', tradingsymbol: 'INFY', transaction_type: 'BUY', quantity: 3 },
    });
    expect(Number(page.margin)).toBeGreaterThan(0);
    expect(Number(page.charges)).toBeGreaterThan(0);
    expect(handText(page, screen)).toContain('Nothing was sent. To place it, add --confirm AB1234');
    expect(await book()).toEqual([]);
  });

  test('is not sent when another account is confirmed', async () => {
    await expect(placeByHand(context, order({ confirm: 'XY9999' }))).rejects.toMatchObject({
      code: 'USAGE_CONFIRM',
      message: '--confirm received "XY9999", and this session is of AB1234.',
    });
    expect(await book()).toEqual([]);
  });

  test('is sent once when it is confirmed, and fills', async () => {
    const page = await placeByHand(context, order({ confirm }));
    expect(page).toMatchObject({ sent: true, after: { status: 'COMPLETE', filled: 3, own: { order: 0 } } });
    expect(handText(page, screen)).toContain(`Placed: order ${page.orderId}.`);
    const positions = await positionsPage(context, {});
    expect(positions).toMatchObject({
      open: 1,
      positions: [{ symbol: 'NSE:INFY', product: 'MIS', quantity: 3 }],
    });
    expect(positionsText(positions, screen)).toContain('NSE:INFY');
  });

  test('whose answer is lost is found by its tag, and there is one of it', async () => {
    const before = (await book()).length;
    await fault({ action: 'set', name: 'error-after', count: 1, method: 'POST', path: 'orders' });
    const page = await placeByHand(context, order({ confirm, quantity: 1 }));
    expect(page).toMatchObject({ sent: true, after: { status: 'COMPLETE' } });
    expect((await book()).length).toBe(before + 1);
    expect(world.said.join('\n')).toContain('Looking for it in the order book');
  });

  test('is refused in the words of the broker', async () => {
    await expect(
      placeByHand(context, order({ confirm, type: 'LIMIT', price: 0.0001 })),
    ).rejects.toMatchObject({ code: 'BROKER_REFUSED', exitCode: 6 });
  });

  test.each([
    [{ type: 'LIMIT' }, 'A LIMIT order needs --price.'],
    [{ type: 'SL', price: 100 }, 'A SL order needs --trigger.'],
    [{ price: 100 }, 'A MARKET order takes no --price.'],
    [{ quantity: 0 }, 'The quantity received was 0.'],
  ])('%j says what is missing before anything is asked', (wanted, words) => {
    expect(() => placeByHand(context, order(wanted))).toThrow(words);
  });

  test('is changed and cancelled as it stands in the book', async () => {
    const price = onTick((await lastPrice()) * 0.97);
    const { orderId } = await placeByHand(context, order({ confirm, type: 'LIMIT', price }));
    const id = orderId ?? '';
    const shown = await modifyByHand(context, { orderId: id, quantity: 2 });
    expect(shown).toMatchObject({ sent: false, before: { quantity: 3 }, form: { quantity: 2 } });
    const changed = await modifyByHand(context, { orderId: id, quantity: 2, confirm });
    expect(changed).toMatchObject({ sent: true, after: { quantity: 2, status: 'OPEN' } });
    expect((await ordersPage(context, { open: true })).orders.map((row) => row.orderId)).toEqual([id]);
    expect(await cancelByHand(context, { orderId: id })).toMatchObject({ sent: false });
    const gone = await cancelByHand(context, { orderId: id, confirm });
    expect(gone.after?.status).toBe('CANCELLED');
    expect(handText(gone, screen)).toContain('Cancel asked for');
    expect((await ordersPage(context, { open: true })).orders).toEqual([]);
    expect(ordersText(await ordersPage(context, {}), screen)).toContain('CANCELLED');
    await expect(cancelByHand(context, { orderId: '1', confirm })).rejects.toMatchObject({
      code: 'BROKER_ORDER',
    });
    expect(() => modifyByHand(context, { orderId: id })).toThrow('Nothing was named that should change.');
  });
});

describe('the account', () => {
  test('has funds and holdings', async () => {
    const funds = await fundsPage(context, {});
    expect(funds.funds.map(({ segment }) => segment)).toEqual(['equity', 'commodity']);
    expect(fundsText(funds, screen)).toContain('Sandbox: nothing is real.');
    const holdings = await holdingsPage(context, {});
    expect(holdingsText(holdings, screen)).toMatch(/No holdings|instrument/);
  });
});

describe('triggers', () => {
  test('are shown, placed, changed and deleted', async () => {
    const last = await lastPrice();
    const [stop, target] = [onTick(last * 0.9), onTick(last * 1.1)];
    const wanted = {
      side: 'SELL' as const,
      ...{ symbol: 'NSE:INFY', quantity: 2, product: 'CNC' },
      ...{ triggers: [target, stop], prices: [target, stop] },
    };
    const shown = await placeTrigger(context, wanted);
    expect(shown).toMatchObject({ sent: false, wanted: { type: 'two-leg' } });
    expect(shown.wanted?.condition.trigger_values).toEqual([stop, target]);
    expect(triggerText(shown, screen)).toContain('Nothing was sent');
    expect((await triggersPage(context, {})).triggers).toEqual([]);

    await fault({ action: 'set', name: 'error-after', count: 1, method: 'POST', path: 'gtt' });
    const placed = await placeTrigger(context, { ...wanted, confirm });
    expect(placed).toMatchObject({ sent: true, after: { status: 'active', symbol: 'NSE:INFY' } });
    const id = placed.id ?? 0;
    const changed = await modifyTrigger(context, { ...wanted, id, quantity: 1, confirm });
    expect(changed.after?.legs.map(({ quantity }) => quantity)).toEqual([1, 1]);
    expect(triggersText(await triggersPage(context, {}), screen)).toContain(String(id));
    expect(await deleteTrigger(context, { id })).toMatchObject({ sent: false });
    const deleted = await deleteTrigger(context, { id, confirm });
    expect(deleted.after?.status).not.toBe('active');
    await expect(placeTrigger(context, { ...wanted, prices: [stop] })).rejects.toMatchObject({
      code: 'USAGE_GTT',
    });
  });
});

describe('reconcile', () => {
  test('finds what no journal knows of, and agrees once one does', async () => {
    const unknown = await reconcile(context, {});
    expect(unknown).toMatchObject({
      ...{ streams: [], mismatches: 1, exitCode: 8 },
      rows: [{ symbol: 'NSE:INFY', product: 'MIS', journal: 0, broker: 4, state: 'MISMATCH' }],
    });
    expect(reconcileText(unknown, screen)).toContain('1 differences');
    const log = JournalLog.open({ folder: streamFolder(context, 'live', 'main') });
    log.append({ t: 'session', id: 's1' }, 'soon');
    log.append({ t: 'intent', order: { ...plainIntent, quantity: 6 } }, 'soon');
    for (const tradeId of ['1', '2'])
      log.append(
        { t: 'order', event: { type: 'filled', id: 1, time: 0, quantity: 2, price: 100, tradeId } },
        'soon',
      );
    log.close();
    const known = await reconcile(context, { stream: 'main' });
    expect(known).toMatchObject({ mismatches: 0, exitCode: 0, open: 1, rows: [{ journal: 4, broker: 4 }] });
    expect(reconcileText(known, screen)).toContain('They agree.');
    await expect(reconcile(context, { stream: 'mian' })).rejects.toThrow(
      /no journal of a live stream "mian".*main/,
    );
  });
});

test('the commands say the same from a shell', async () => {
  const { home } = context.folders;
  const algo = (...args: readonly string[]) => askAlgo(args, { home });
  const dry = await algo('order', 'place', 'SELL', 'NSE:INFY', '1', '--product', 'MIS');
  expect(dry).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('add --confirm AB1234') });
  const sent = await algo(
    'order',
    'place',
    'SELL',
    'NSE:INFY',
    '1',
    '--product',
    'MIS',
    '--confirm',
    'AB1234',
    '--json',
  );
  expect(JSON.parse(sent.stdout)).toMatchObject({ sent: true, after: { status: 'COMPLETE' } });
  expect(await algo('reconcile')).toMatchObject({ exitCode: 8, stdout: expect.stringContaining('MISMATCH') });
  for (const words of [['positions'], ['orders', '--open'], ['funds'], ['holdings'], ['gtt', 'list']])
    expect(await algo(...words)).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(/\S/) });
}, 60_000);
