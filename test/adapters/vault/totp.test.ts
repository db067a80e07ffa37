import { describe, expect, test } from '@jest/globals';
import { bytesOfBase32, totpAt } from '../../../src/adapters/vault/totp.ts';

/** RFC 6238, appendix B, SHA-1: "12345678901234567890"; its eight digits end in the six that authenticators show. */
const secret = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';

describe('the one-time code', () => {
  test.each([
    [59, '287082'],
    [1_111_111_109, '081804'],
    [1_111_111_111, '050471'],
    [1_234_567_890, '005924'],
    [2_000_000_000, '279037'],
    [20_000_000_000, '353130'],
  ])('at second %d is that of RFC 6238', (second, code) => {
    expect(totpAt(secret, second * 1_000).code).toBe(code);
  });

  test('says how long it still holds', () => {
    expect(totpAt(secret, 0).secondsLeft).toBe(30);
    expect(totpAt(secret, 29_999).secondsLeft).toBe(1);
    expect(totpAt(secret, 30_000).secondsLeft).toBe(30);
  });

  test('takes the key as people copy it', () => {
    expect(bytesOfBase32('gezd gnbv-GY3T qojq====').toString()).toBe('1234567890');
  });

  test.each(['', '====', 'GEZD1', 'canary!'])('refuses "%s" without quoting it', (text) => {
    expect(() => bytesOfBase32(text)).toThrow('is not Base32');
    expect(() => bytesOfBase32('canary!')).not.toThrow('canary');
  });
});
