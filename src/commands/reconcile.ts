import type { OpenContext } from '../app/open-context.ts';
import type { ReconcilePage } from '../app/reconcile.ts';
import { accountFlags } from './account-flags.ts';
import { AlgoCommand, Flags } from './base-command.ts';

export default class ReconcileCommand extends AlgoCommand<ReconcilePage> {
  static override summary = 'what live sessions hold by their journals, beside what the broker says';
  static override description =
    'Changes nothing. Exit code 8 when they differ: a trade by hand, a square-off by the broker, or a fault.';
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --stream main --json',
  ];
  static override flags = {
    stream: Flags.string({ description: 'one live stream; all of them without' }),
    ...accountFlags,
  };

  protected async execute(context: OpenContext): Promise<ReconcilePage> {
    const { flags } = await this.parse(ReconcileCommand);
    const { reconcile } = await import('../app/reconcile.ts');
    const page = await reconcile(context, flags);
    process.exitCode = page.exitCode;
    return page;
  }

  protected async text(page: ReconcilePage): Promise<string> {
    const { reconcileText } = await import('../reports/reconcile-text.ts');
    const { screenOf } = await import('../reports/screen.ts');
    return reconcileText(page, screenOf(process.stdout, process.env));
  }
}
