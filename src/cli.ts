import { Config } from '@oclif/core/config';
import { exitCodes } from './domain/errors.ts';
import { nearest } from './domain/nearest.ts';

/** Where commands are found: the built bundle, or the sources under bin/dev.js. */
export interface Installation {
  /** Folder that holds `commands/` and, when built, `oclif.manifest.json`. */
  readonly commands: string;
  /** The package.json that oclif reads. */
  readonly manifest: Record<string, unknown>;
}

/**
 * Finds the command in the arguments and runs it; `process.exitCode` says how it went.
 * oclif parses and loads; only the finding is ours, because its own answer to a typing mistake suggests nothing.
 */
export async function runCli(argv: readonly string[], { commands, manifest }: Installation): Promise<void> {
  stopOnInterrupt();
  tellOfStrays();
  // oclif's declared type asks for fields that only its own scaffolding writes.
  const pjson = manifest as never;
  const config = await Config.load({ root: commands, pjson, userPlugins: false, devPlugins: false });

  const words = argv[0] === 'help' ? [...argv.slice(1), '--help'] : [...argv];
  const { id, rest } = findCommand(words, config.commandIDs);
  const helpWanted = rest.slice(0, endOfFlags(rest)).some((word) => word === '--help' || word === '-h');
  if (id && !helpWanted) {
    await config.runCommand(id, rest, config.findCommand(id) ?? null);
    return;
  }
  const asked = words.slice(0, firstFlag(words));
  const subject = id ?? asked.join(':');
  if (id || config.findTopic(subject) || (subject === '' && helpWanted)) {
    const { Help } = await import('./commands/command-help.ts');
    await new Help(config, { all: false }).showHelp(subject === '' ? [] : [subject]);
    return;
  }
  const topics = config.topics.map((topic) => topic.name);
  refuse(whyUnknown(asked, words, [...config.commandIDs, ...topics]), words.includes('--json'));
}

/** The longest run of leading words that is a command: `data import file.csv` is `data:import` and its argument. */
export function findCommand(
  words: readonly string[],
  ids: readonly string[],
): { id: string | undefined; rest: string[] } {
  const known = new Set(ids);
  for (let count = firstFlag(words); count > 0; count--) {
    const id = words.slice(0, count).join(':');
    if (known.has(id)) return { id, rest: words.slice(count) };
  }
  return { id: undefined, rest: [...words] };
}

function endOfFlags(words: readonly string[]): number {
  const dashes = words.indexOf('--');
  return dashes < 0 ? words.length : dashes;
}

function firstFlag(words: readonly string[]): number {
  const row = words.findIndex((word) => word.startsWith('-'));
  return row < 0 ? words.length : row;
}

function whyUnknown(asked: readonly string[], words: readonly string[], ids: readonly string[]): string {
  if (asked.length === 0) return `No command before ${words[0]}. Write flags after the command.`;
  const names = ids.map((id) => id.replaceAll(':', ' '));
  const guess = nearest(asked.slice(0, 2).join(' '), names) ?? nearest(asked[0] ?? '', names);
  return `Unknown command "${asked.join(' ')}".${guess ? ` Did you mean "algo ${guess}"?` : ''}`;
}

function refuse(message: string, json: boolean): void {
  const fix = 'See: algo --help';
  process.exitCode = exitCodes.usage;
  if (json) {
    const error = { code: 'USAGE_COMMAND', message, fix, exitCode: exitCodes.usage };
    process.stdout.write(`${JSON.stringify({ error }, null, 2)}\n`);
  } else process.stderr.write(`${message}\nFix: ${fix}\n`);
}

/** An error outside every command, such as one in a forgotten callback, still ends with one message. */
function tellOfStrays(): void {
  process.once('uncaughtException', async (error: Error) => {
    if (isFullOutput(error)) {
      process.stderr.write(
        `The output could not be written: ${error.message}\nFix: Make room, or write it elsewhere.\n`,
      );
      process.exit(exitCodes.unexpected);
    }
    const { logUnexpected } = await import('./app/log-unexpected.ts');
    process.stderr.write(`Unexpected error: ${error.message}\n${await logUnexpected(error)}\n`);
    process.exit(exitCodes.unexpected);
  });
}

/** `algo … > file` on a disk that is full: nobody's fault but the disk's. */
function isFullOutput(error: Error): boolean {
  const code: unknown = Reflect.get(error, 'code');
  return Reflect.get(error, 'syscall') === 'write' && (code === 'ENOSPC' || code === 'EDQUOT');
}

/** Ctrl-C ends at once with the shell's own code; what is stored is written in transactions, so nothing is left half done. */
function stopOnInterrupt(): void {
  process.once('SIGINT', () => {
    process.stderr.write('\nInterrupted.\n');
    process.exit(exitCodes.interrupted);
  });
}
