import type { OpenContext } from '../../app/open-context.ts';
import type { RunListDocument } from '../../reports/run-list-text.ts';
import { AlgoCommand } from '../base-command.ts';

export default class BacktestList extends AlgoCommand<RunListDocument> {
  static override summary = 'kept runs, the newest first';
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --json',
  ];

  protected async execute(context: OpenContext): Promise<RunListDocument> {
    const { listRuns } = await import('../../app/kept-runs.ts');
    return listRuns(context);
  }

  protected async text(page: RunListDocument): Promise<string> {
    const { runListText } = await import('../../reports/run-list-text.ts');
    const { screenOf } = await import('../../reports/screen.ts');
    return runListText(page, screenOf(process.stdout, process.env));
  }
}
