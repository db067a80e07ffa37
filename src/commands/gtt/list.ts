import type { TriggersPage } from '../../app/gtt.ts';
import type { OpenContext } from '../../app/open-context.ts';
import { accountFlags } from '../account-flags.ts';
import { AlgoCommand } from '../base-command.ts';

export default class GttList extends AlgoCommand<TriggersPage> {
  static override summary = 'triggers that are active or ended within a week';
  static override description =
    'Triggered is not filled: what became of the order stands beside it. Exit code 4 without a session that holds.';
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --json',
  ];
  static override flags = {
    ...accountFlags,
  };

  protected async execute(context: OpenContext): Promise<TriggersPage> {
    const { flags } = await this.parse(GttList);
    const { triggersPage } = await import('../../app/gtt.ts');
    return triggersPage(context, { account: flags.account });
  }

  protected async text(page: TriggersPage): Promise<string> {
    const { triggersText } = await import('../../reports/hand-text.ts');
    const { screenOf } = await import('../../reports/screen.ts');
    return triggersText(page, screenOf(process.stdout, process.env));
  }
}
