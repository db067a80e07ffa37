import { assert } from '../../domain/errors.ts';
import type { OrderId } from '../../domain/order.ts';

/**
 * What an order's tag says: 19 of the 20 letters and digits that Kite echoes, so that a restart, another machine and a person see
 * whose order it is. `A`, stream 2, day 3, order 4, leg 1, nonce 6, check 2; all in base 36.
 */
export interface OrderTag {
  /** `streamCode` of the stream. */
  readonly stream: string;
  readonly dayNumber: number;
  readonly id: OrderId;
  /** One intent may stand at the broker several times, one after the other: 0 to 35. */
  readonly leg: number;
  /** Drawn anew by every process, so that two machines with one stream cannot collide silently. */
  readonly nonce: string;
}

export const legsMax = 36;
const widths = { stream: 2, day: 3, id: 4, leg: 1, nonce: 6 } as const;
const pattern = /^A([0-9A-Z]{2})([0-9A-Z]{3})([0-9A-Z]{4})([0-9A-Z])([0-9A-Z]{6})([0-9A-Z]{2})$/;

/** Two letters or digits for a stream's name. */
export function streamCode(stream: string): string {
  return base36(hashOf(stream) % 36 ** widths.stream, widths.stream);
}

/** `random` from 0 up to, not including, 1. */
export function tagNonce(random: number): string {
  return base36(Math.floor(random * 36 ** widths.nonce), widths.nonce);
}

export function writeTag({ stream, dayNumber, id, leg, nonce }: OrderTag): string {
  assert(leg < legsMax, 'an order has a leg for every letter of its tag at most');
  const text = `A${stream}${base36(dayNumber, widths.day)}${base36(id, widths.id)}${base36(leg, widths.leg)}${nonce}`;
  return text + checkOf(text);
}

/** What a tag says; undefined for one that this program did not write. */
export function readTag(text: string): OrderTag | undefined {
  const match = pattern.exec(text);
  if (!match) return undefined;
  const [, stream = '', day = '', id = '', leg = '', nonce = '', check] = match;
  if (check !== checkOf(text.slice(0, -2))) return undefined;
  const number = (digits: string) => Number.parseInt(digits, 36);
  return { stream, dayNumber: number(day), id: number(id), leg: number(leg), nonce };
}

function base36(value: number, width: number): string {
  assert(value >= 0 && value < 36 ** width, 'a part of a tag fits its place');
  return value.toString(36).toUpperCase().padStart(width, '0');
}

function checkOf(text: string): string {
  return base36(hashOf(text) % 36 ** 2, 2);
}

/** FNV-1a of 32 bits. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193) >>> 0;
  return hash;
}
