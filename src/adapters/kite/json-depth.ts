/** Nothing that Kite sends is nested a tenth as deep. */
export const jsonDepthMax = 64;

/** Counts brackets outside of strings. The parser knows no bound, and takes a second for a megabyte of them. */
export function isTooDeep(text: string): boolean {
  let depth = 0;
  let quoted = false;
  for (let at = 0; at < text.length; at++) {
    const letter = text.charCodeAt(at);
    if (quoted) {
      if (letter === 92) at += 1;
      else if (letter === 34) quoted = false;
    } else if (letter === 34) quoted = true;
    else if (letter === 91 || letter === 123) {
      depth += 1;
      if (depth > jsonDepthMax) return true;
    } else if (letter === 93 || letter === 125) depth -= 1;
  }
  return false;
}
