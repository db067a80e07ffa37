/** What a text report is drawn on. */
export interface Screen {
  /** Characters in a line. */
  readonly width: number;
  readonly colour: boolean;
}

// A file, a pipe or a cron mail has no width of its own; this one fits a mail window and keeps the tables whole.
const widthWithoutTerminal = 100;

/**
 * The screen behind a stream. Colour needs a terminal and yields to `NO_COLOR` (any value but empty) and `TERM=dumb`;
 * `COLUMNS` sets the width where the stream does not know it.
 */
export function screenOf(
  stream: { readonly isTTY?: boolean; readonly columns?: number },
  env: Readonly<Record<string, string | undefined>>,
): Screen {
  const asked = Number(env.COLUMNS);
  const width = stream.columns || (Number.isInteger(asked) && asked > 0 ? asked : widthWithoutTerminal);
  return { width, colour: stream.isTTY === true && !env.NO_COLOR && env.TERM !== 'dumb' };
}

const esc = String.fromCharCode(27);

/** Text in bold on a screen with colour, else as it is. */
export function bold(text: string, screen: Screen): string {
  return screen.colour ? `${esc}[1m${text}${esc}[22m` : text;
}

/** Text that steps back on a screen with colour, else as it is. */
export function dim(text: string, screen: Screen): string {
  return screen.colour ? `${esc}[2m${text}${esc}[22m` : text;
}

/** A loss on a screen with colour, else as it is. */
export function red(text: string, screen: Screen): string {
  return screen.colour ? `${esc}[31m${text}${esc}[39m` : text;
}

/**
 * Text from outside made safe to print on one line: control characters, which could move the cursor or recolour the
 * terminal, become spaces.
 */
export function printable(text: string): string {
  return text.replace(/\p{Cc}+/gu, ' ');
}

/** Breaks text at blanks into lines of at most `width`; a longer word is cut. Always at least one line. */
export function wrapped(text: string, width: number): string[] {
  const room = Math.max(1, width);
  const lines: string[] = [];
  let line = '';
  for (const word of printable(text).split(' ')) {
    let rest = word;
    if (line && line.length + 1 + rest.length > room) {
      lines.push(line);
      line = '';
    }
    while (rest.length > room) {
      lines.push(rest.slice(0, room));
      rest = rest.slice(room);
    }
    line = line ? `${line} ${rest}` : rest;
  }
  lines.push(line);
  return lines;
}
