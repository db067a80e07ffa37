import { DataError } from '../domain/errors.ts';

/** Why a file could not be taken, in words for the person who named it. */
export interface ImportFailure {
  readonly code: string;
  readonly message: string;
  readonly fix: string | undefined;
  /** To be thrown when one bad file ends the import. */
  readonly error: unknown;
}

/** A fault of one file, which need not keep the others out. */
export function isKeepable({ code }: ImportFailure): boolean {
  return /^(DATA_|USAGE_(SYMBOL|EXCHANGE|COLUMNS)$)/.test(code);
}

/** What the operating system refuses is a fact about the file. @throws what has no code: that is our own mistake */
export function failureOf(file: string, error: unknown): ImportFailure {
  if (typeof error !== 'object' || error === null || !('code' in error) || !('message' in error)) throw error;
  const [code, message] = [String(error.code), String(error.message)];
  if ('syscall' in error) {
    const read = new DataError(
      'DATA_READ',
      `${file} cannot be read: ${message.split(',')[0]}.`,
      'Check that the file may be read.',
      error,
    );
    return { code: read.code, message: read.message, fix: read.fix, error: read };
  }
  const fix = 'fix' in error && typeof error.fix === 'string' ? error.fix : undefined;
  return { code, message, fix, error };
}
