import type { OpenContext } from '../../app/open-context.ts';
import type { UniverseListDocument } from '../../reports/universe-text.ts';
import { AlgoCommand } from '../base-command.ts';

export default class UniverseList extends AlgoCommand<UniverseListDocument> {
  static override summary = 'named lists of instruments, and where each stands';
  static override examples = ['<%= config.bin %> <%= command.id %>'];

  protected async execute(context: OpenContext): Promise<UniverseListDocument> {
    await this.parse(UniverseList);
    const { listUniverses } = await import('../../app/universes.ts');
    return listUniverses(context);
  }

  protected async text(document: UniverseListDocument): Promise<string> {
    const { universeListText } = await import('../../reports/universe-text.ts');
    const { screenOf } = await import('../../reports/screen.ts');
    return universeListText(document, screenOf(process.stdout, process.env));
  }
}
