import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { EpochMs } from '../../domain/time.ts';
import { systemClock } from './system-clock.ts';

/** A server's idea of the time, and ours at the middle of asking. */
export interface HttpDate {
  readonly theirs: EpochMs;
  readonly ours: EpochMs;
}

/**
 * Asks a web server for its Date header, which counts whole seconds. Follows no redirect, since any answer carries a date.
 *
 * @throws Error in words when there is no answer in time, or one without a date
 */
export function httpDate(url: string, timeoutMs: number): Promise<HttpDate> {
  return new Promise((resolve, reject) => {
    const asked = systemClock.now();
    const send = url.startsWith('https:') ? httpsRequest : httpRequest;
    const call = send(url, { method: 'HEAD', agent: false }, (answer) => {
      const answered = systemClock.now();
      answer.resume();
      const theirs = Date.parse(answer.headers.date ?? '');
      if (Number.isNaN(theirs)) reject(new Error('the answer has no date'));
      // A whole second stands for the half second after it, on average.
      else resolve({ theirs: theirs + 500, ours: (asked + answered) / 2 });
      call.destroy();
    });
    // The socket's own timeout starts afresh with every byte; this one does not.
    const patience = setTimeout(
      () => call.destroy(new Error(`no answer within ${timeoutMs / 1_000} s`)),
      timeoutMs,
    );
    call.once('close', () => clearTimeout(patience));
    call.once('error', reject);
    call.end();
  });
}
