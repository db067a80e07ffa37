import type { TriggerPage } from '../app/gtt.ts';
import { AlgoCommand, Args, Flags } from './base-command.ts';
import { handFlags, rupees, side } from './hand-flags.ts';

/** Which trigger is meant. */
export const triggerId = {
  id: Args.integer({ description: 'trigger id, as algo gtt list has it', required: true }),
};

/** The order that a trigger sends. */
export const triggerArgs = {
  side: side({ required: true }),
  symbol: Args.string({ description: 'instrument such as NSE:INFY', required: true }),
  quantity: Args.integer({ description: 'units; lots on MCX and in currencies', required: true }),
};

export const triggerFlags = {
  trigger: rupees({
    multiple: true,
    multipleNonGreedy: true,
    required: true,
    description: 'price that is waited for; twice for a stop and a target',
  }),
  price: rupees({
    multiple: true,
    multipleNonGreedy: true,
    required: true,
    description: 'limit of the order it sends; as often as --trigger',
  }),
  product: Flags.option({
    options: ['CNC', 'NRML', 'MTF'] as const,
    description: 'CNC delivery, NRML derivatives overnight',
  })({ default: 'CNC' }),
  ...handFlags,
};

/** What changes one trigger shows it. */
export abstract class TriggerCommand extends AlgoCommand<TriggerPage> {
  protected async text(page: TriggerPage): Promise<string> {
    const { triggerText } = await import('../reports/hand-text.ts');
    const { screenOf } = await import('../reports/screen.ts');
    return triggerText(page, screenOf(process.stdout, process.env));
  }
}
