import { askOnTerminal } from '../adapters/system/ask.ts';
import { UsageError } from '../domain/errors.ts';

/** True when the person at the terminal says yes. @throws UsageError USAGE_CONFIRM where nobody can be asked */
export async function confirmed(question: string): Promise<boolean> {
  const answer = await askOnTerminal(`${question} [y/N] `);
  if (answer !== undefined) return /^y(es)?$/i.test(answer.trim());
  throw new UsageError(
    'USAGE_CONFIRM',
    `Nobody can be asked "${question}", since this is no terminal.`,
    'Add --yes to go ahead without asking.',
  );
}
