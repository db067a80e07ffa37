// The official KiteTicker in a process of its own: its state is global to a module, and it ends the process when it gives up.
// Commands come as JSON lines on stdin, what it tells goes out as JSON lines on stdout.
import { createInterface } from 'node:readline';
import { KiteTicker } from 'kiteconnect';

const [root, apiKey, accessToken] = process.argv.slice(2);
const ticker = new KiteTicker({ api_key: apiKey, access_token: accessToken, root, reconnect: false });

const tell = (event, data) => process.stdout.write(`${JSON.stringify({ event, data })}\n`);

ticker.on('connect', () => tell('connect'));
ticker.on('ticks', (ticks) => tell('ticks', ticks));
ticker.on('order_update', (order) => tell('order_update', order));
ticker.on('message', (bytes) => tell('message', bytes.byteLength));
ticker.on('error', (error) => tell('error', error.message));
ticker.on('close', (event) => tell('close', event.code));

createInterface({ input: process.stdin })
  .on('line', (line) => {
    const [method, ...args] = JSON.parse(line);
    tell('done', ticker[method](...args) ?? null);
  })
  .on('close', () => process.exit(0));

ticker.connect();
