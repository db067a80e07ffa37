import type { Kill } from '../../app/kill.ts';
import type { OpenContext } from '../../app/open-context.ts';
import { AlgoCommand } from '../base-command.ts';

interface StatusPage {
  readonly kill: Kill | null;
}

export default class KillStatus extends AlgoCommand<StatusPage> {
  static override summary = 'whether trading is killed, since when and why';
  static override description = 'Exit code 7 while it is, so that a script can ask.';
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --json',
  ];

  protected async execute({ folders }: OpenContext): Promise<StatusPage> {
    const { killed } = await import('../../app/kill.ts');
    const { exitCodes } = await import('../../domain/errors.ts');
    const kill = killed(folders) ?? null;
    if (kill) process.exitCode = exitCodes.risk;
    return { kill };
  }

  protected async text(page: StatusPage): Promise<string> {
    const { killStatusText } = await import('../../reports/kill-text.ts');
    return killStatusText(page);
  }
}
