import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { controlFaults } from '#src/sandbox/faults/fault-control.ts';
import { createFaultPlan, type FaultPlan } from '#src/sandbox/faults/fault-plan.ts';
import { askAlgo } from '../support/run-algo.ts';
import { HeldClock } from '../support/scripted-market.ts';

let plan: FaultPlan;
let server: Server;
let url: string;

beforeEach(async () => {
  plan = createFaultPlan({ seed: 1, clock: new HeldClock() });
  server = createServer(async (request, response) => {
    let text = '';
    for await (const chunk of request) text += chunk;
    const answer = controlFaults(plan, JSON.parse(text));
    const refused = typeof answer === 'string';
    response.writeHead(refused ? 400 : 200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(refused ? { message: answer } : answer));
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterEach(async () => {
  server.closeAllConnections();
  await new Promise((done) => server.close(done));
});

describe('algo sandbox fault', () => {
  test('sets a fault with all its limits, lists it and clears it', async () => {
    const set = 'sandbox fault set too-many --probability 0.1 --count 3 --path orders --for 60s --json --url';
    expect(JSON.parse((await askAlgo([...set.split(' '), url])).stdout)).toMatchObject({
      faults: [{ name: 'too-many', probability: 0.1, count: 3, path: 'orders', forMs: 60_000, struck: 0 }],
    });
    expect(plan.list()).toHaveLength(1);
    const listed = await askAlgo(['sandbox', 'fault', 'list', '--url', url]);
    expect(listed).toMatchObject({ exitCode: 0 });
    expect(listed.stdout).toContain('too-many');
    expect(listed.stdout).toContain('after 3 or in 60 s of its clock');
    expect((await askAlgo(['sandbox', 'fault', 'clear', '--url', url])).stdout).toContain(
      'No fault is switched on.',
    );
    expect(plan.list()).toEqual([]);
  });

  test('an unknown fault is refused with the nearest one', async () => {
    const refused = await askAlgo(['sandbox', 'fault', 'set', 'too-mony', '--url', url]);
    expect(refused).toMatchObject({ exitCode: 2 });
    expect(refused.stderr).toContain('Did you mean "too-many"?');
  });

  test('a URL of another machine is refused before anything is sent', async () => {
    const refused = await askAlgo(['sandbox', 'fault', 'list', '--url', 'https://api.kite.trade']);
    expect(refused).toMatchObject({ exitCode: 2 });
    expect(refused.stderr).toContain('is not the URL of a sandbox on this machine');
  });

  test('a sandbox that is not there is said to be away', async () => {
    const refused = await askAlgo(['sandbox', 'fault', 'list', '--url', 'http://127.0.0.1:9']);
    expect(refused).toMatchObject({ exitCode: 6 });
    expect(refused.stderr).toContain('Run: algo sandbox up');
  });
});
