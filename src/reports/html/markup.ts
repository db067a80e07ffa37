import { createHash } from 'node:crypto';

/** Text from outside as HTML, safe between tags and inside quoted attributes. */
export function escaped(text: string): string {
  return text.replace(/[&<>"'`]|\p{Cc}/gu, (character) => entities[character] ?? ' ');
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
  '`': '&#96;',
};

/** Figures with a true minus, which is as wide as a digit: `−₹82,329.40`. */
export function minus(text: string): string {
  return text.replace(/-(?=[₹\d])/g, '−');
}

/**
 * JSON that can stand inside a script element: nothing in it can end the element or begin a comment in it, and the
 * two line ends that are none in JSON are written out.
 */
export function inertJson(value: unknown): string {
  return JSON.stringify(value).replace(
    /[<>&\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** A script's text that cannot end its element; inside strings and patterns `<\/` means the same as `</`. */
export function inertScript(text: string): string {
  return text.replace(/<(?=\/script|!--)/gi, '\\x3c');
}

/** `'sha256-…'` of an inlined block, as a content security policy names it. */
export function policyHash(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
}

/** A number without binary noise or a negative zero, for attributes. */
export function coordinate(value: number): string {
  return String(Number(value.toFixed(2)) + 0);
}
