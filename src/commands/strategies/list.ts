import type { OpenContext } from '../../app/open-context.ts';
import type { StrategiesPage } from '../../reports/strategies-text.ts';
import { AlgoCommand } from '../base-command.ts';

export default class StrategiesList extends AlgoCommand<StrategiesPage> {
  static override summary = 'strategies that can be run, with their parameters';
  static override description =
    `Looked for in the home folder's strategies, the working folder's and the shipped ones; the first with a name wins.
A file that cannot be loaded is named with its reason; exit code 9 then.`;
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --json',
  ];

  protected async execute(context: OpenContext): Promise<StrategiesPage> {
    const { listStrategies } = await import('../../app/strategies.ts');
    const page = await listStrategies(context);
    if (page.broken.length > 0) {
      const { exitCodes } = await import('../../domain/errors.ts');
      process.exitCode = exitCodes.strategy;
    }
    return page;
  }

  protected async text(page: StrategiesPage): Promise<string> {
    const { strategiesText } = await import('../../reports/strategies-text.ts');
    const { screenOf } = await import('../../reports/screen.ts');
    return strategiesText(page, screenOf(process.stdout, process.env));
  }
}
