export interface TerminalOptions {
  /** Swallows progress and notes; warnings are always told. */
  readonly silent: boolean;
  /** Where to write; stderr unless a test listens. */
  readonly stream?: TerminalStream;
}

/** The part of a stream that matters here. */
export interface TerminalStream {
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
  write(text: string): unknown;
}

const barWidth = 24;
/** A line in a log file for every tenth of the work. */
const plainSteps = 10;

/** Tells people how work goes on: a bar that redraws itself on a terminal, a few plain lines elsewhere. Only stderr is written. */
export function terminalOutput({ silent, stream = process.stderr }: TerminalOptions) {
  const animated = stream.isTTY === true;
  let drawn = false;

  const line = (text: string): void => {
    if (drawn) stream.write('\r\u001B[K');
    drawn = false;
    stream.write(`${text}\n`);
  };

  const draw = (text: string): void => {
    stream.write(`\r\u001B[K${text.slice(0, (stream.columns ?? 80) - 1)}`);
    drawn = true;
  };

  const progress = (label: string, total: number) => {
    let told = 0;
    let shown = -1;
    return {
      step(count: number, detail = ''): void {
        if (silent) return;
        const share = total > 0 ? Math.min(1, count / total) : 1;
        const mark = Math.floor(share * (animated ? 100 : plainSteps));
        if (mark === shown && !(animated && detail)) return;
        shown = mark;
        if (animated) draw(`${label} ${bar(share)} ${count}/${total}${detail ? ` ${detail}` : ''}`);
        else if (mark > told) {
          told = mark;
          line(`${label}: ${Math.floor(share * 100)}% (${count}/${total})`);
        }
      },
      done(summary?: string): void {
        if (silent) return;
        if (summary) line(summary);
        else if (drawn) {
          stream.write('\r\u001B[K');
          drawn = false;
        }
      },
    };
  };

  return {
    progress,
    warn: (message: string): void => line(`Warning: ${message}`),
    note: (message: string): void => {
      if (!silent) line(message);
    },
  };
}

function bar(share: number): string {
  const full = Math.round(share * barWidth);
  return `[${'='.repeat(full)}${' '.repeat(barWidth - full)}] ${String(Math.floor(share * 100)).padStart(3)}%`;
}
