import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { createConnection, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { askControl, controlPath, openControl } from '../../../src/adapters/system/control-socket.ts';

const folder = mkdtempSync(join(tmpdir(), 'algo-control-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Everything that comes back for some bytes until the other side hangs up, or for one line. */
function said(path: string, bytes: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = createConnection(path, () => socket.write(bytes));
    let text = '';
    socket.on('data', (piece) => {
      text += piece;
      if (text.split('\n').length > bytes.split('\n').length - 1) socket.end();
    });
    socket.once('error', reject);
    socket.once('close', () => resolve(text));
  });
}

describe('a control socket', () => {
  test('answers one line of JSON with one line of JSON, in the order in which they came', async () => {
    const socket = await openControl(folder, (request) => ({ ok: true, ...Object(request) }));
    expect(await said(socket.path, '{"a":1}\n{"a":2}\n')).toBe('{"ok":true,"a":1}\n{"ok":true,"a":2}\n');
    expect(await askControl(folder, { a: 3 }, 2_000)).toEqual({ ok: true, a: 3 });
    socket.close();
    expect(await askControl(folder, { a: 4 }, 2_000)).toBeUndefined();
  });

  test('is for its owner alone', async () => {
    const own = join(folder, 'open-to-all');
    mkdirSync(own, { mode: 0o777 });
    const socket = await openControl(own, () => null);
    expect(statSync(socket.path).mode & 0o777).toBe(0o600);
    expect(statSync(own).mode & 0o077).toBe(0);
    socket.close();
  });

  test('answers what is no request, and hangs up on one without an end', async () => {
    const socket = await openControl(folder, () => {
      throw new Error('never asked');
    });
    expect(JSON.parse(await said(socket.path, 'stop\n'))).toMatchObject({ ok: false });
    expect(await said(socket.path, 'x'.repeat(5_000))).toMatch(/at most 4096 bytes/);
    expect(await said(socket.path, `"${'x'.repeat(5_000)}"\n`)).toMatch(/at most 4096 bytes/);
    expect(JSON.parse(await said(socket.path, '1\n'))).toEqual({ ok: false, message: 'never asked' });
    socket.close();
  });

  test('takes the place of one that a dead session left', async () => {
    const dead = createServer();
    await new Promise<void>((listening) => dead.listen(join(folder, 'other.sock'), listening));
    // A process that was killed leaves its file; nobody listens to it.
    const { linkSync } = await import('node:fs');
    linkSync(join(folder, 'other.sock'), controlPath(folder));
    await new Promise((closed) => dead.close(closed));
    expect(existsSync(controlPath(folder))).toBe(true);
    expect(await askControl(folder, {}, 2_000)).toBeUndefined();
    const socket = await openControl(folder, () => 'alive');
    expect(await askControl(folder, {}, 2_000)).toBe('alive');
    socket.close();
  });

  test('lies under a short name where the folder has a long one', async () => {
    const long = join(folder, 'x'.repeat(120));
    const socket = await openControl(long, () => 'here');
    expect(Buffer.byteLength(socket.path)).toBeLessThanOrEqual(100);
    expect(await askControl(long, {}, 2_000)).toBe('here');
    socket.close();
  });
});
