import type { OpenContext } from '../../app/open-context.ts';
import type { LearnDocument } from '../../reports/learn-json.ts';
import { AlgoCommand, Flags } from '../base-command.ts';

export default class LearnRun extends AlgoCommand<LearnDocument> {
  static override summary = 'what the trades of a kept backtest teach';
  static override description =
    `Scores each trade, looks for conditions in which a strategy earns or bleeds, and tests what it finds on trades that it has
not looked at. What holds there and can be said in a setting becomes a proposal; nothing is changed.`;
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --run last --strategy ema20_50 --holdout 40',
    '<%= config.bin %> <%= command.id %> --json',
  ];
  static override flags = {
    run: Flags.string({ default: 'last', description: 'id of a kept run, beginning of an id, or last' }),
    strategy: Flags.string({
      char: 's',
      multiple: true,
      multipleNonGreedy: true,
      description: 'only trades of it; repeatable',
    }),
    holdout: Flags.integer({
      default: 30,
      min: 10,
      max: 60,
      description: 'percent of the trades, the newest, that are not learnt from',
    }),
    seed: Flags.integer({ default: 1, min: 0, max: 4_294_967_295, description: 'of the resampling' }),
  };

  protected async execute(context: OpenContext): Promise<LearnDocument> {
    const { flags } = await this.parse(LearnRun);
    const { learn } = await import('../../app/learn.ts');
    return learn(context, {
      run: flags.run,
      strategies: flags.strategy ?? [],
      heldOutPercent: flags.holdout,
      seed: flags.seed,
    });
  }

  protected async text(document: LearnDocument): Promise<string> {
    const { learnText } = await import('../../reports/learn-text.ts');
    const { screenOf } = await import('../../reports/screen.ts');
    return learnText(document, screenOf(process.stdout, process.env));
  }
}
