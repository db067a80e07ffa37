import { stampOf } from './catalogue.ts';
import { type Waiting, withDatabase } from './database.ts';
import { readContents } from './tables.ts';

/**
 * Opens the database itself and reads its tables, whatever a catalogue beside it says.
 *
 * @throws DataError DATA_STORE_DAMAGED or DATA_STORE_ACCESS, AlgoError DATA_STORE_BUSY
 */
export function openCheck({
  file,
  waiting,
}: {
  readonly file: string;
  readonly waiting: Waiting;
}): Promise<void> {
  // A commit that still waits in the log is carried into the file by opening it for writing.
  const access = stampOf(file) ? 'read' : 'write';
  return withDatabase({ file, access, waiting }, async (session) => {
    await readContents(session, file);
  });
}
