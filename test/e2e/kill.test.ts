import { type ChildProcess, spawn } from 'node:child_process';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { ordersPage, positionsPage } from '#src/app/broker-reads.ts';
import { type PlaceRequest, placeByHand } from '#src/app/hand-order.ts';
import { beat } from '#src/app/heartbeat.ts';
import { kiteClientFor } from '#src/app/kite-client.ts';
import { loginDoors, quoteDoor } from '#src/app/kite-doors.ts';
import { openKiteSession } from '#src/app/kite-session.ts';
import { login } from '#src/app/login.ts';
import { type RunningSandbox, sandboxUp } from '#src/app/sandbox.ts';
import { streamFolder } from '#src/app/streams.ts';
import { projectRoot } from '../support/project-root.ts';
import { runAlgo, runJs } from '../support/run-algo.ts';
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
const { home } = context.folders;
const algo = (...args: string[]) => runAlgo(args, { home });
let sandbox: RunningSandbox;
let watchdog: ChildProcess | undefined;
let foreign = '';
let price = Number.NaN;

beforeAll(async () => {
  sandbox = await sandboxUp(context, {
    ...{ port: 0, at: '10:00', speed: '1x', paused: true, seed: 1, accounts: 'AB1234', prefix: undefined },
    ...{ staticIp: false, limits: false, autoLogin: false, nights: 'leap' },
  });
  await login(context, { paste: false, sandbox: true, open: false }, loginDoors(context));
  const session = await openKiteSession(context);
  const quotes = await quoteDoor(context).quote(session, ['NSE:INFY']);
  price = quotes.get('NSE:INFY')?.lastPrice ?? Number.NaN;
  const outcome = await kiteClientFor(context, session).placeOrder('regular', {
    ...{ exchange: 'NSE', tradingsymbol: 'INFY', transaction_type: 'BUY', quantity: 1, product: 'CNC' },
    ...{ order_type: 'LIMIT', price: at(0.95), validity: 'DAY' },
  });
  foreign = outcome.kind === 'acknowledged' ? outcome.orderId : '';
  await placed({});
  await placed({ type: 'LIMIT', price: at(0.97) });
  await placed({ side: 'SELL', type: 'SL-M', trigger: at(0.98) });
});
afterAll(() => {
  watchdog?.kill('SIGKILL');
  return sandbox.close();
});

const at = (share: number) => Math.round(price * share * 10) / 10;
const placed = (wanted: Partial<PlaceRequest>) =>
  placeByHand(context, {
    ...{ side: 'BUY', symbol: 'NSE:INFY', quantity: 3, type: 'MARKET', product: 'MIS' },
    ...{ validity: 'DAY', variety: 'regular', confirm: 'AB1234' },
    ...wanted,
  });
/** Kinds of the orders that stand, and what is held. */
async function state() {
  const { orders } = await ordersPage(context, { open: true });
  const { positions } = await positionsPage(context, {});
  return {
    orders: orders.map(({ type, own }) => (own ? type : 'foreign')).sort(),
    held: positions.map(({ quantity }) => quantity),
  };
}

test('before anything is killed there are an entry, a stop, a position, and an order of somebody else', async () => {
  expect(foreign).not.toBe('');
  expect(await state()).toEqual({ orders: ['LIMIT', 'SL', 'foreign'], held: [3] });
  expect((await algo('kill', 'status')).exitCode).toBe(0);
});

test('algo kill only writes the file', async () => {
  const { stdout, exitCode } = await algo('kill', '--reason', 'prices look wrong', '--json');
  expect(exitCode).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ reason: 'prices look wrong', acted: null, flatten: false });
  expect(await state()).toEqual({ orders: ['LIMIT', 'SL', 'foreign'], held: [3] });
  expect(await algo('kill', 'status')).toMatchObject({
    exitCode: 7,
    stdout: expect.stringContaining('prices look wrong'),
  });
});

test('--cancel calls the entry off, keeps the stop, and leaves the order of somebody else alone', async () => {
  const { stdout } = await algo('kill', '--cancel', '--reason', 'still wrong');
  expect(stdout).toMatch(/Cancelled BUY 3 NSE:INFY, order \S+: taken by the broker/);
  expect(stdout).toContain('1 protective order was kept.');
  expect(await state()).toEqual({ orders: ['SL', 'foreign'], held: [3] });
});

test('a session that shows is left to do it', async () => {
  const folder = streamFolder(context, 'live', 'main');
  // It shows for as long as the command takes to start.
  const showing = setInterval(() => beat(folder, Date.now()), 200);
  try {
    const { stdout } = await algo('kill', '--flatten', '--reason', 'worse', '--json');
    expect(JSON.parse(stdout)).toMatchObject({ sessions: ['main'], acted: null, flatten: true });
    expect(await state()).toEqual({ orders: ['SL', 'foreign'], held: [3] });
  } finally {
    clearInterval(showing);
  }
});

test('the watchdog closes everything of ours once the session is silent', async () => {
  const process_ = spawn(process.execPath, [runJs, 'watchdog'], {
    env: { ...process.env, ALGO_HOME: home },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  watchdog = process_;
  const carriedOut = new Promise<void>((resolve, reject) => {
    process_.stderr.setEncoding('utf8').on('data', (text: string) => {
      if (text.includes('has been carried out')) resolve();
    });
    process_.on('exit', () => reject(new Error('the watchdog ended')));
  });
  await carriedOut;
  expect(await state()).toEqual({ orders: ['foreign'], held: [] });
});

test('a release lets trading go on, once', async () => {
  expect((await algo('kill', 'release', '--reason', 'checked')).stdout).toMatch(/^Released: checked/);
  expect((await algo('kill', 'status')).exitCode).toBe(0);
  expect((await algo('kill', 'release', '--reason', 'checked')).exitCode).toBe(2);
});
