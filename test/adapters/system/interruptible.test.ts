import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { interruptible } from '../../../src/adapters/system/interruptible.ts';

const listener = () => undefined;
let before: NodeJS.SignalsListener[] = [];

beforeEach(() => {
  before = process.listeners('SIGINT');
  process.removeAllListeners('SIGINT');
  process.on('SIGINT', listener);
});

afterEach(() => {
  process.removeAllListeners('SIGINT');
  for (const each of before) process.on('SIGINT', each);
});

describe('while interruptible work goes on', () => {
  test('nobody listens for Ctrl-C, so it ends the process', () => {
    expect(interruptible(() => process.listenerCount('SIGINT'))).toBe(0);
    expect(process.listenerCount('SIGINT')).toBe(1);
  });

  test('that goes on until a promised result has come', async () => {
    let settle: (value: string) => void = () => undefined;
    const answer = interruptible(
      () =>
        new Promise<string>((resolve) => {
          settle = resolve;
        }),
    );
    expect(process.listenerCount('SIGINT')).toBe(0);
    settle('done');
    await expect(answer).resolves.toBe('done');
    expect(process.listenerCount('SIGINT')).toBe(1);
  });

  test('a failure brings the listener back as well', async () => {
    const fault = new Error('no');
    expect(() =>
      interruptible(() => {
        throw fault;
      }),
    ).toThrow(fault);
    await expect(interruptible(() => Promise.reject(fault))).rejects.toThrow(fault);
    expect(process.listenerCount('SIGINT')).toBe(1);
  });
});
