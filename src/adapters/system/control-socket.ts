import { createHash } from 'node:crypto';
import { chmodSync, lstatSync, mkdirSync, rmSync } from 'node:fs';
import { createConnection, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { BrokerError, codeOf, DataError, messageOf } from '../../domain/errors.ts';

/** Bytes of one request line; a longer one is answered with an error and hung up on. */
const requestBytesMax = 4_096;
/** Bytes of one answer: a session of a thousand positions is a third of it. */
const answerBytesMax = 1_048_576;
const connectionsMax = 16;
/** Somebody who connects and says nothing is not waited for. Milliseconds. */
const idleMsMax = 5_000;
/** A kernel takes 104 bytes at the least (macOS), and the end of the text is one of them. */
const pathBytesMax = 100;

/** One JSON value for a request; what it answers goes back as one line of JSON. */
export type ControlAnswer = (request: unknown) => Promise<unknown> | unknown;

export interface ControlSocket {
  readonly path: string;
  close(): void;
}

/**
 * Where the socket of whoever owns a folder is: in the folder, or where its path is too long for the kernel, under a short name in a
 * folder of this user alone.
 */
export function controlPath(folder: string): string {
  const near = join(folder, 'control.sock');
  if (Buffer.byteLength(near) <= pathBytesMax) return near;
  const name = createHash('sha256').update(near).digest('hex').slice(0, 24);
  // Not the temporary folder of the environment: a desk and cron have to come to the same place.
  return join(`/tmp/algo-${process.getuid?.() ?? 'user'}`, `${name}.sock`);
}

/**
 * Listens on the socket of a folder whose lock the caller holds, so that one which is there belongs to somebody dead. Only the folder's
 * owner can reach it.
 *
 * @throws DataError DATA_CONTROL when it cannot be opened, or its place is not this user's own
 */
export async function openControl(folder: string, answer: ControlAnswer): Promise<ControlSocket> {
  const path = controlPath(folder);
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    serve(socket, answer);
  });
  server.maxConnections = connectionsMax;
  try {
    makeOwn(join(path, '..'));
    if (lstatSync(path, { throwIfNoEntry: false })?.isSocket()) rmSync(path);
    await new Promise<void>((listening, failed) => {
      server.once('error', failed);
      server.listen(path, listening);
    });
    chmodSync(path, 0o600);
  } catch (cause) {
    server.close();
    throw new DataError(
      'DATA_CONTROL',
      `The control socket ${path} cannot be opened: ${messageOf(cause)}.`,
      'Check the rights of its folder; algo kill and Ctrl-C work without it.',
      cause,
    );
  }
  server.on('error', () => undefined);
  // It keeps nobody from ending.
  server.unref();
  return {
    path,
    close() {
      server.close();
      // What was answered is still sent.
      for (const socket of sockets) socket.destroySoon();
    },
  };
}

/**
 * Asks whoever listens on the socket of a folder. Undefined when nobody does.
 *
 * @throws BrokerError CONTROL_SILENT when somebody listens and does not answer in time
 */
export function askControl(folder: string, request: object, withinMs: number): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const socket = createConnection(controlPath(folder));
    const pieces: Buffer[] = [];
    let bytes = 0;
    const silent = (why: string) =>
      reject(
        new BrokerError(
          'CONTROL_SILENT',
          `The session that runs in ${folder} does not answer: ${why}.`,
          'algo kill works without it; algo watchdog acts where a session hangs.',
        ),
      );
    const timer = setTimeout(() => {
      silent(`nothing came within ${withinMs / 1000} s`);
      socket.destroy();
    }, withinMs);
    socket.once('connect', () => socket.write(`${JSON.stringify(request)}\n`));
    socket.once('error', (error) => {
      clearTimeout(timer);
      if (nobody.includes(codeOf(error))) resolve(undefined);
      else silent(messageOf(error));
    });
    socket.once('close', () => {
      clearTimeout(timer);
      // Whoever listened ended just now.
      resolve(undefined);
    });
    socket.on('data', (piece) => {
      pieces.push(piece);
      bytes += piece.length;
      const ended = piece.includes(0x0a);
      if (!ended && bytes <= answerBytesMax) return;
      clearTimeout(timer);
      const line = Buffer.concat(pieces).toString('utf8').split('\n', 1)[0];
      try {
        if (ended) resolve(JSON.parse(line));
        else silent('its answer has no end');
      } catch {
        silent('its answer is not JSON');
      }
      socket.destroy();
    });
  });
}

/** Nobody listens, or whoever did has ended meanwhile. */
const nobody: readonly string[] = ['ENOENT', 'ENOTDIR', 'ECONNREFUSED', 'ECONNRESET', 'EPIPE'];

function serve(socket: Socket, answer: ControlAnswer): void {
  let rest = Buffer.alloc(0);
  let turn = Promise.resolve();
  socket.setTimeout(idleMsMax, () => socket.destroy());
  socket.on('error', () => socket.destroy());
  socket.on('data', (piece: Buffer) => {
    rest = Buffer.concat([rest, piece]);
    for (let end = rest.indexOf(0x0a); end >= 0; end = rest.indexOf(0x0a)) {
      const line = rest.subarray(0, end);
      rest = rest.subarray(end + 1);
      turn = turn.then(async () => {
        const said = line.length > requestBytesMax ? tooLong : await answered(line.toString('utf8'), answer);
        if (socket.writable) socket.write(`${JSON.stringify(said)}\n`);
      });
    }
    if (rest.length > requestBytesMax) {
      socket.removeAllListeners('data');
      socket.end(`${JSON.stringify(tooLong)}\n`);
    }
  });
}

const tooLong = { ok: false, message: `A request has at most ${requestBytesMax} bytes.` };

async function answered(line: string, answer: ControlAnswer): Promise<unknown> {
  let request: unknown;
  try {
    request = JSON.parse(line);
  } catch {
    return { ok: false, message: 'A request is one line of JSON, such as {"do":"status"}.' };
  }
  try {
    return await answer(request);
  } catch (error) {
    return { ok: false, message: messageOf(error) };
  }
}

/** A folder that only this user may enter; one of anybody else's is refused. */
function makeOwn(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const found = lstatSync(folder);
  const user = process.getuid?.() ?? found.uid;
  if (!found.isDirectory() || found.uid !== user) throw new Error(`${folder} is not a folder of this user`);
  if ((found.mode & 0o077) !== 0) chmodSync(folder, 0o700);
}
