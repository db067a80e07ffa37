import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';

/** Asks on stderr and answers the line that was typed; empty when the input ended. Undefined where there is no terminal. */
export async function askOnTerminal(question: string): Promise<string | undefined> {
  if (!process.stdin.isTTY || !process.stderr.isTTY) return undefined;
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const closed = new Promise<string>((resolve) => terminal.once('close', () => resolve('')));
  try {
    return await Promise.race([terminal.question(question), closed]);
  } finally {
    terminal.close();
  }
}

/**
 * Asks on stderr for something that must not be seen: what is typed or pasted is not shown. Empty when the input ended.
 * Undefined where there is no terminal.
 */
export async function askSecretOnTerminal(question: string): Promise<string | undefined> {
  if (!process.stdin.isTTY || !process.stderr.isTTY) return undefined;
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  // As a terminal, readline takes the echo over from the system, and what it echoes goes nowhere.
  const terminal = createInterface({ input: process.stdin, output: nowhere, terminal: true, historySize: 0 });
  const closed = new Promise<string>((resolve) => terminal.once('close', () => resolve('')));
  // Ctrl-C arrives as a key here, since the system's own handling of the line is off.
  terminal.once('SIGINT', () => process.emit('SIGINT'));
  process.stderr.write(question);
  try {
    return await Promise.race([terminal.question(''), closed]);
  } finally {
    terminal.close();
    process.stderr.write('\n');
  }
}

/** The first line that is piped in, without its line break; empty when there is none. Undefined at a terminal, where one asks. */
export async function pipedLine(bytesMax = 8_192): Promise<string | undefined> {
  if (process.stdin.isTTY) return undefined;
  let text = '';
  for await (const chunk of process.stdin.setEncoding('utf8')) {
    text += String(chunk);
    if (text.includes('\n') || text.length > bytesMax) break;
  }
  return text.split(/\r?\n/)[0]?.trim() ?? '';
}

/** Says something that has to be seen even where notes are silenced, such as an address to open. */
export function tellOnTerminal(line: string): void {
  process.stderr.write(`${line}\n`);
}
