import { dim, red, type Screen } from './screen.ts';

const around = 2;

/**
 * What differs between two texts, line by line: `-` lines go, `+` lines come, with two lines around them. Empty when nothing does.
 * For files of a page or two: the longest common sequence is found by a table of all pairs.
 */
export function lineDiff(before: string, after: string, screen: Screen): string {
  const lines = marked(linesOf(before), linesOf(after));
  const shown = lines.map((_, at) =>
    lines.slice(Math.max(0, at - around), at + around + 1).some(({ mark }) => mark !== ' '),
  );
  return lines
    .flatMap(({ mark, text }, at) => {
      if (!shown[at]) return at > 0 && shown[at - 1] ? [dim('  …', screen)] : [];
      const line = `${mark} ${text}`.trimEnd();
      if (mark === ' ') return [dim(line, screen)];
      return [mark === '-' ? red(line, screen) : line];
    })
    .join('\n');
}

function linesOf(text: string): readonly string[] {
  return text === '' ? [] : text.replace(/\n$/, '').split('\n');
}

function marked(
  before: readonly string[],
  after: readonly string[],
): readonly { mark: '-' | '+' | ' '; text: string }[] {
  const common = commonLengths(before, after);
  const lines: { mark: '-' | '+' | ' '; text: string }[] = [];
  let [one, other] = [0, 0];
  while (one < before.length || other < after.length) {
    if (one < before.length && other < after.length && before[one] === after[other]) {
      lines.push({ mark: ' ', text: before[one] });
      one += 1;
      other += 1;
    } else if (
      other === after.length ||
      (one < before.length && common[one + 1][other] >= common[one][other + 1])
    ) {
      lines.push({ mark: '-', text: before[one] });
      one += 1;
    } else {
      lines.push({ mark: '+', text: after[other] });
      other += 1;
    }
  }
  return lines;
}

/** Length of the longest common sequence of what is left from each pair of places on. */
function commonLengths(before: readonly string[], after: readonly string[]): readonly Uint32Array[] {
  const rows = Array.from({ length: before.length + 1 }, () => new Uint32Array(after.length + 1));
  for (let one = before.length - 1; one >= 0; one--)
    for (let other = after.length - 1; other >= 0; other--)
      rows[one][other] =
        before[one] === after[other]
          ? rows[one + 1][other + 1] + 1
          : Math.max(rows[one + 1][other], rows[one][other + 1]);
  return rows;
}
