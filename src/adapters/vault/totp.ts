import { createHmac } from 'node:crypto';
import { ConfigError } from '../../domain/errors.ts';

const stepSeconds = 30;
const digits = 6;
const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/**
 * The one-time code that an authenticator shows at an instant: six digits, a new one every 30 seconds.
 *
 * @throws ConfigError CONFIG_TOTP when the secret is not Base32
 * @see RFC 6238, RFC 4226; SHA-1 as in every authenticator that Kite's QR code is scanned with
 */
export function totpAt(
  secret: string,
  time: number,
): { readonly code: string; readonly secondsLeft: number } {
  const seconds = Math.floor(time / 1_000);
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(seconds / stepSeconds)));
  const mac = createHmac('sha1', bytesOfBase32(secret)).update(counter).digest();
  const offset = mac[mac.length - 1] & 0x0f;
  const number = (mac.readUInt32BE(offset) & 0x7fff_ffff) % 10 ** digits;
  return { code: String(number).padStart(digits, '0'), secondsLeft: stepSeconds - (seconds % stepSeconds) };
}

/** Blanks, dashes and padding do not matter, nor does case. @throws ConfigError CONFIG_TOTP, without quoting the secret */
export function bytesOfBase32(text: string): Buffer {
  const letters = text.toUpperCase().replace(/[\s-]/g, '').replace(/=+$/, '');
  const bytes: number[] = [];
  let bits = 0;
  let value = 0;
  for (const letter of letters) {
    const at = alphabet.indexOf(letter);
    if (at < 0) throw notBase32();
    value = ((value << 5) | at) & 0xfff;
    bits += 5;
    if (bits < 8) continue;
    bits -= 8;
    bytes.push((value >> bits) & 0xff);
  }
  if (bytes.length === 0) throw notBase32();
  return Buffer.from(bytes);
}

function notBase32(): ConfigError {
  return new ConfigError(
    'CONFIG_TOTP',
    'The TOTP secret is not Base32 (letters A to Z and digits 2 to 7).',
    'Take the text key that stands beside the QR code when the authenticator is set up.',
  );
}
