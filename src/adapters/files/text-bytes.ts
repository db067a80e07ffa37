import { DataError } from '../../domain/errors.ts';

/** How far into a file it is looked at to tell text from anything else. */
const sniffBytes = 65_536;

/**
 * Text as UTF-8 bytes: a byte order mark is dropped, UTF-16 with a mark is converted.
 * @throws DataError DATA_BINARY when it is no text at all, DATA_EMPTY when nothing is in it
 */
export function textBytes(file: string, bytes: Buffer): Buffer {
  const text = unmarked(bytes);
  const head = text.subarray(0, sniffBytes);
  let blank = true;
  let control = 0;
  for (const byte of head) {
    if (byte > 32) blank = false;
    if (byte < 32 && byte !== 9 && byte !== 10 && byte !== 13) control++;
  }
  if (text.length === 0 || (blank && control === 0)) {
    throw new DataError(
      'DATA_EMPTY',
      `${file} is empty.`,
      'Give a file with a header line and rows of prices.',
    );
  }
  if (control > 0 && wide(head)) {
    throw new DataError(
      'DATA_ENCODING',
      `${file} is UTF-16 without a byte order mark: every other byte is 0.`,
      'Save it as UTF-8 ("CSV UTF-8" in a spreadsheet).',
    );
  }
  if (control > 0) {
    throw new DataError(
      'DATA_BINARY',
      `${file} is not text: it holds control bytes that no table has.`,
      'Give CSV, text, Kite JSON or Parquet, plain or inside gz or zip. Save spreadsheets as "CSV UTF-8".',
    );
  }
  return text;
}

/** Plain words in UTF-16 have a zero in every character. */
function wide(head: Buffer): boolean {
  const zeros = [0, 0];
  for (let at = 0; at < head.length; at++) if (head[at] === 0) zeros[at & 1]++;
  return head.length >= 8 && Math.max(...zeros) > head.length * 0.4 && Math.min(...zeros) === 0;
}

function unmarked(bytes: Buffer): Buffer {
  const [first, second, third] = bytes;
  if (first === 0xef && second === 0xbb && third === 0xbf) return bytes.subarray(3);
  if (first === 0xff && second === 0xfe) return Buffer.from(bytes.subarray(2).toString('utf16le'), 'utf8');
  if (first === 0xfe && second === 0xff) {
    const swapped = Buffer.from(bytes.subarray(2, bytes.length - (bytes.length % 2))).swap16();
    return Buffer.from(swapped.toString('utf16le'), 'utf8');
  }
  return bytes;
}
