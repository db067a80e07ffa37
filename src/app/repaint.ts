/** Where pages that follow each other are shown. */
export interface Paintable {
  readonly isTTY?: boolean | undefined;
  write(text: string): unknown;
}

const esc = String.fromCharCode(27);

/**
 * Shows pages that follow each other: on a terminal each is painted over the one before, elsewhere `lines` follow each other,
 * and a page without any is left out. A page that is shorter than the one before leaves nothing of it.
 */
export function repainting(
  stream: Paintable,
): (page: { readonly screen: string; readonly lines: string }) => void {
  let painted = 0;
  return ({ screen, lines }) => {
    if (stream.isTTY !== true) {
      if (lines !== '') stream.write(`${lines}\n`);
      return;
    }
    const rows = screen.split('\n');
    const up = painted === 0 ? '' : `${esc}[${painted}A`;
    stream.write(`${up}\r${rows.map((row) => `${row}${esc}[K`).join('\n')}\n${esc}[J`);
    painted = rows.length;
  };
}
