import { parentPort, Worker, workerData } from 'node:worker_threads';
import { assert, InvariantError } from '../../domain/errors.ts';

/** One finished piece of work and its place in the list. */
interface Done<Result> {
  readonly at: number;
  readonly result: Result;
}

interface Handed {
  readonly input: unknown;
  /** One Int32: the next place that nobody has taken. */
  readonly next: SharedArrayBuffer;
}

/**
 * Works through `count` pieces in worker threads, each of which takes the next piece that nobody has taken, so that none waits
 * for the slowest. `module` is the worker's program, which calls `serveSweep`; `input` reaches every worker by structured clone,
 * shared memory as it is. Resolves to the results in order.
 *
 * @throws what a worker threw; the others are then stopped
 */
export async function sweepInWorkers<Result>({
  module,
  input,
  count,
  workers,
}: {
  readonly module: URL;
  readonly input: unknown;
  readonly count: number;
  readonly workers: number;
}): Promise<readonly Result[]> {
  const handed: Handed = { input, next: new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT) };
  const threads = Array.from({ length: workers }, () => new Worker(module, { workerData: handed }));
  try {
    const lists = await Promise.all(threads.map((thread) => answerOf<Result>(thread)));
    const results: Result[] = new Array<Result>(count);
    let done = 0;
    for (const list of lists)
      for (const { at, result } of list) {
        results[at] = result;
        done += 1;
      }
    assert(done === count, 'every piece of a sweep is done once');
    return results;
  } finally {
    await Promise.all(threads.map((thread) => thread.terminate()));
  }
}

function answerOf<Result>(thread: Worker): Promise<readonly Done<Result>[]> {
  return new Promise((resolve, reject) => {
    thread.once('message', resolve);
    thread.once('error', reject);
    thread.once('exit', (code) =>
      reject(
        new InvariantError('BUG_WORKER', `A sweep worker ended with code ${code} and without an answer.`),
      ),
    );
  });
}

/**
 * The worker's side: takes pieces until none is left and sends everything back at once. `work` is given the input and a
 * function that takes the next piece's place.
 */
export function serveSweep<Input, Result>(
  work: (input: Input, claim: () => number) => readonly Done<Result>[],
): void {
  assert(parentPort !== null, 'a sweep is served in a worker thread');
  const { input, next } = workerData as Handed;
  const counter = new Int32Array(next);
  parentPort.postMessage(work(input as Input, () => Atomics.add(counter, 0, 1)));
}
