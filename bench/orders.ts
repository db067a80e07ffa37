import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { JournalLog } from '../src/adapters/journal/journal-log.ts';
import { SessionJournal } from '../src/adapters/journal/session-journal.ts';
import { KiteBroker } from '../src/adapters/kite/kite-broker.ts';
import { createKiteClient } from '../src/adapters/kite/kite-client.ts';
import type { OrderBudget } from '../src/adapters/kite/order-budget.ts';
import { createWire } from '../src/adapters/kite/send-request.ts';
import { systemClock } from '../src/adapters/system/system-clock.ts';
import { systemWaiting } from '../src/adapters/system/waiting.ts';
import type { Instrument } from '../src/domain/instrument.ts';
import type { ApprovedOrder } from '../src/domain/order.ts';
import type { Measured } from './measure.ts';

const warmUp = 50;
const orders = 1_000;
const goalMs = 10;

/**
 * Milliseconds from a decision to the first byte of its order at a server on this computer, with the journal's sync in between. The
 * server shares the thread, so what is measured is rather too long; a disk or a processor that others use shows at once.
 */
export async function orderMeasures(): Promise<readonly Measured[]> {
  const times = await submissionTimes();
  const at = (share: number) =>
    times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? Number.NaN;
  const [middle, tail, worst] = [at(0.5), at(0.99), at(1)];
  return [
    {
      measure: 'order: decision to first byte',
      input: `${orders.toLocaleString('en-IN')} orders, journal synced before each`,
      goal: `p99 < ${goalMs} ms`,
      measured: `p50 ${middle.toFixed(2)} ms, p99 ${tail.toFixed(2)} ms, longest ${worst.toFixed(2)} ms`,
      met: tail < goalMs,
    },
  ];
}

/** Sorted. */
async function submissionTimes(): Promise<readonly number[]> {
  const folder = mkdtempSync(join(tmpdir(), 'algo-bench-'));
  const arrivals: number[] = [];
  const server = await listening(() => arrivals.push(performance.now()));
  const wire = createWire({});
  const log = JournalLog.open({ folder });
  const journal = new SessionJournal(log, [], 'soon');
  let accepted: () => void = () => undefined;
  const broker = new KiteBroker({
    kite: createKiteClient({
      root: `http://127.0.0.1:${portOf(server)}`,
      ...{ apiKey: 'key', accessToken: 'token', wire, clock: systemClock, waiting: systemWaiting },
      budget: unlimited,
    }),
    clock: systemClock,
    rules: {
      instrument: () => share,
      tick: () => 0.05,
      lastPrice: () => 100,
      marketProtection: -1,
      optionStopPercent: 5,
    },
    ...{ stream: 'bench', nonce: '000000', withheld: () => undefined },
    record: (fields, durability) => log.append(fields, durability),
    failed: (error) => {
      throw error;
    },
  });
  broker.connect({
    orderEvent(event) {
      if (event.type === 'accepted') accepted();
    },
  });
  try {
    await broker.start();
    const times: number[] = [];
    for (let id = 1; id <= warmUp + orders; id++) {
      const done = new Promise<void>((resolve) => {
        accepted = resolve;
      });
      const order = orderOf(id);
      const decided = performance.now();
      journal.append({ type: 'intent', order });
      broker.submit(order);
      await done;
      if (id > warmUp) times.push((arrivals.at(-1) ?? Number.NaN) - decided);
    }
    return times.sort((a, b) => a - b);
  } finally {
    await broker.stop();
    log.close();
    wire.close();
    server.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Kite's limits are not what is measured. */
const unlimited: OrderBudget = {
  take: async () => ({ kind: 'go', answered: () => undefined }),
  placedToday: () => 0,
};

const share: Instrument = {
  ...{ key: 'NSE:INFY', exchange: 'NSE', tradingsymbol: 'INFY', rules: 'NSE', kind: 'EQ' },
  ...{ tickSize: 0.05, lotSize: 1 },
};

function orderOf(id: number): ApprovedOrder {
  return {
    ...{ id, strategy: 'bench', key: share.key, side: 'BUY', role: 'entry', type: 'LIMIT', product: 'MIS' },
    ...{
      validity: 'DAY',
      quantity: 1,
      price: 100,
      trigger: Number.NaN,
      time: systemClock.now(),
      decided: 100,
    },
  } as ApprovedOrder;
}

/** Answers every order with an id and every question with an empty list; `posted` is called at an order's first byte. */
async function listening(posted: () => void): Promise<Server> {
  let last = 0;
  const server = createServer((socket) => {
    socket.setNoDelay(true);
    let text = '';
    socket.on('error', () => socket.destroy());
    socket.on('data', (bytes) => {
      if (text === '' && bytes[0] === 'P'.charCodeAt(0)) posted();
      text += bytes.toString('latin1');
      const head = text.indexOf('\r\n\r\n');
      if (head < 0) return;
      const length = Number(/content-length: (\d+)/i.exec(text)?.[1] ?? 0);
      if (text.length < head + 4 + length) return;
      const places = text.startsWith('POST');
      text = '';
      if (places) last += 1;
      const body = JSON.stringify({ status: 'success', data: places ? { order_id: String(last) } : [] });
      socket.write(
        `HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
      );
    });
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  return server;
}

function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server has no port.');
  return address.port;
}
