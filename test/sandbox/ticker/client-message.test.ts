import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { clientMessage } from '#src/sandbox/ticker/client-message.ts';

const token = fc.integer({ min: 1, max: 2 ** 32 - 1 });

describe("a client's message", () => {
  test('with tokens is understood, whatever the tokens', () => {
    fc.assert(
      fc.property(fc.constantFrom('subscribe', 'unsubscribe'), fc.array(token), (kind, tokens) => {
        expect(clientMessage(JSON.stringify({ a: kind, v: tokens }))).toEqual({ kind, tokens });
      }),
    );
  });

  test('with a mode is understood', () => {
    fc.assert(
      fc.property(fc.constantFrom('ltp', 'quote', 'full'), fc.array(token), (mode, tokens) => {
        expect(clientMessage(JSON.stringify({ a: 'mode', v: [mode, tokens] }))).toEqual({
          kind: 'mode',
          mode,
          tokens,
        });
      }),
    );
  });

  test('that is anything else is answered in words', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        expect(clientMessage(text)).toMatch(/^Invalid /);
      }),
    );
  });
});
