import type { OpenContext } from '../app/open-context.ts';
import type { WhyDocument } from '../reports/why-json.ts';
import { AlgoCommand, Args, Flags } from './base-command.ts';

export default class Why extends AlgoCommand<WhyDocument> {
  static override summary = 'why a bar came to a trade, or to none';
  static override description =
    `Plays a kept backtest or a session of paper or live trading again and watches every bar: each has exactly one reason. Without a time the
reasons are counted and sum to all bars; with a day its bars are listed; with a time the whole chain is shown, from the
indicators over signal, sizing and gatekeeper to the broker.`;
  static override examples = [
    '<%= config.bin %> <%= command.id %> SYN:ZAVORI',
    '<%= config.bin %> <%= command.id %> SYN:ZAVORI "2026-10-06 10:45" --run last',
    '<%= config.bin %> <%= command.id %> SYN:ZAVORI 2026-10-06 --strategy ema20_50 --json',
    '<%= config.bin %> <%= command.id %> SYN:ZAVORI 10:45 --stream main',
  ];
  static override args = {
    symbol: Args.string({
      required: true,
      description: 'instrument of the run, with or without its exchange',
    }),
    time: Args.string({ description: 'a day, a time of the last day, or "YYYY-MM-DD HH:MM"' }),
  };
  static override flags = {
    run: Flags.string({
      description: 'id of a kept backtest, beginning of an id, or last [default: last]',
      exclusive: ['stream'],
    }),
    stream: Flags.string({
      description:
        'a session of this stream, paper or live, instead of a backtest: the newest, or that of the day asked for',
    }),
    strategy: Flags.string({ char: 's', description: 'only this strategy of the run' }),
  };

  protected async execute(context: OpenContext): Promise<WhyDocument> {
    const { args, flags } = await this.parse(Why);
    const { why } = await import('../app/why.ts');
    return why(context, { ...args, run: flags.run, stream: flags.stream, strategy: flags.strategy });
  }

  protected async text(document: WhyDocument): Promise<string> {
    const { whyText } = await import('../reports/why-text.ts');
    const { screenOf } = await import('../reports/screen.ts');
    return whyText(document, screenOf(process.stdout, process.env));
  }
}
