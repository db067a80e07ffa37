import type { OpenContext } from '../../app/open-context.ts';
import type { LearnDocument } from '../../reports/learn-json.ts';
import { AlgoCommand, Args } from '../base-command.ts';

export default class LearnShow extends AlgoCommand<LearnDocument> {
  static override summary = 'a study again';
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> last --json',
  ];
  static override args = {
    study: Args.string({ default: 'last', description: 'id of a study, beginning of an id, or last' }),
  };

  protected async execute(context: OpenContext): Promise<LearnDocument> {
    const { args } = await this.parse(LearnShow);
    const { openStudy } = await import('../../app/studies.ts');
    return openStudy(context, args.study).document;
  }

  protected async text(document: LearnDocument): Promise<string> {
    const { learnText } = await import('../../reports/learn-text.ts');
    const { screenOf } = await import('../../reports/screen.ts');
    return learnText(document, screenOf(process.stdout, process.env));
  }
}
