import type { Command } from '@oclif/core/command';
import type { Context } from '../app/context.ts';
import { withoutSecrets } from '../app/secret-variables.ts';
import { exitCodes, isAlgoError } from '../domain/errors.ts';
import { nearest } from '../domain/nearest.ts';

/** An error as people and programs see it. */
export interface ReportedError {
  readonly code: string;
  readonly message: string;
  readonly fix?: string;
  readonly exitCode: number;
}

/** Turns whatever was thrown into one clear message. Only what nobody foresaw is called unexpected; its stack goes to the log. */
export async function reportedError(
  error: Error,
  command: typeof Command,
  argv: readonly string[],
  context?: Context,
): Promise<ReportedError> {
  if (isAlgoError(error)) return reported(error.code, error.message, error.fix, error.exitCode);
  const usage = usageProblem(error, command, argv);
  if (usage) return usage;
  const { logUnexpected } = await import('../app/log-unexpected.ts');
  const log = await logUnexpected(error, context);
  return reported('UNEXPECTED', `Unexpected error: ${error.message}`, log, exitCodes.unexpected);
}

interface ParseError extends Error {
  readonly flags?: readonly string[];
  readonly args?: readonly unknown[];
}

/** What oclif says about flags and arguments, in our words. */
function usageProblem(
  error: ParseError,
  command: typeof Command,
  argv: readonly string[],
): ReportedError | undefined {
  const name = command.id?.replaceAll(':', ' ') ?? '';
  const help = `See: algo ${name} --help`;
  switch (error.constructor.name) {
    case 'NonExistentFlagsError': {
      const known = [
        ...Object.keys(command.flags ?? {}),
        ...Object.keys(command.baseFlags ?? {}),
        'json',
        'help',
      ];
      const lines = (error.flags ?? []).map((flag) => unknownFlag(flag, known));
      return reported('USAGE_FLAG', lines.join('\n'), help, exitCodes.usage);
    }
    case 'UnexpectedArgsError': {
      const extra = (error.args ?? []).map((word) => `"${String(word)}"`).join(', ');
      return reported(
        'USAGE_ARGUMENT',
        `Unexpected argument ${extra} for algo ${name}.`,
        help,
        exitCodes.usage,
      );
    }
    case 'RequiredArgsError': {
      const given = error.args ?? [];
      const missing = given.map((arg) => {
        const described: unknown = Reflect.get(Object(arg), 'description');
        const label = String(Reflect.get(Object(arg), 'name'));
        return described === undefined ? label : `${label} (${String(described)})`;
      });
      return reported(
        'USAGE_ARGUMENT',
        `algo ${name} lacks ${missing.join(' and ')}.`,
        help,
        exitCodes.usage,
      );
    }
    default:
      break;
  }
  if (!('oclif' in error) && !('parse' in error)) return undefined;
  const message = plainWords(error.message);
  return reported('USAGE_FLAG', message, argv.includes('--help') ? undefined : help, exitCodes.usage);
}

/** oclif's sentences on one line each, without its heading, tabs and footers. */
function plainWords(message: string): string {
  return message
    .replace(/\nSee more help with --help$/, '')
    .replace(/^The following errors? occurred:\s*/, '')
    .replace(
      /^Parsing --(\S+)\s+Expected (.+) but received: (.*)$/s,
      (_, flag: string, wanted: string, was: string) => `--${flag} was "${was.trim()}"; expected ${wanted}.`,
    )
    .replace(
      /Expected --([\w-]+)=(.*) to be one of: (.*)/g,
      (_, flag: string, was: string, known: string) => {
        const guess =
          known.split(', ').find((each) => each.toLowerCase() === was.toLowerCase()) ??
          nearest(was, known.split(', '));
        return `--${flag} was "${was}"; expected ${known.split(', ').join(' | ')}.${guess ? ` Did you mean ${guess}?` : ''}`;
      },
    )
    .replace(
      /--([\w-]+)=(\S*) cannot also be provided when using --([\w-]+)/g,
      '--$1 and --$3 cannot be given together.',
    )
    .replace(/Missing required flag ([\w-]+)/g, 'Flag --$1 is missing.')
    .replace(/All of the following must be provided when using (--[\w-]+): (.*)/g, '$1 needs $2.')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .join('\n');
}

function unknownFlag(flag: string, known: readonly string[]): string {
  const typed = flag.replace(/^-+/, '').replace(/=.*$/, '');
  const guess = typed.length > 1 ? nearest(typed, known) : undefined;
  return `Unknown flag ${flag}.${guess ? ` Did you mean --${guess}?` : ''}`;
}

function reported(code: string, message: string, fix: string | undefined, exitCode: number): ReportedError {
  const clean = withoutSecrets(message);
  return fix === undefined
    ? { code, message: clean, exitCode }
    : { code, message: clean, fix: withoutSecrets(fix), exitCode };
}
