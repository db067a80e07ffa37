import type { OpenContext } from '../../../app/open-context.ts';
import type { SandboxFaults } from '../../../app/sandbox-fault.ts';
import { AlgoCommand, Args, Flags } from '../../base-command.ts';

export default class SandboxFaultSet extends AlgoCommand<SandboxFaults> {
  static override summary = 'something that goes wrong in a running sandbox';
  static override description =
    `Requests: timeout-before, slow-accept, reset-before, too-many, error-json, error-html, html-before, token-death.
Answers to requests that were carried out: timeout-after, slow-reply, reset-after, error-after, html-after, empty, truncate.
Order book: late-order, unsorted-orders. Order frames and postbacks: frame-drop, frame-twice, frame-delay, frame-swap.
Sockets: socket-mute, socket-stall, socket-close, socket-garbage, socket-refuse. Orders: reject-order, split-fill.
Chance is drawn from the seed of the sandbox: the same seed and the same requests give the same day.`;
  static override examples = [
    '<%= config.bin %> <%= command.id %> too-many --probability 0.1 --path orders --for 60s',
    '<%= config.bin %> <%= command.id %> timeout-after --count 1 --method POST --path orders',
    '<%= config.bin %> <%= command.id %> truncate --value 20 --path quote',
  ];
  static override args = { name: Args.string({ required: true, description: 'fault' }) };
  static override flags = {
    url: Flags.string({ description: 'address of the sandbox; the one of this home when left out' }),
    probability: Flags.string({ description: 'chance of each event to be struck, 0 to 1; 1 when left out' }),
    count: Flags.integer({ min: 1, description: 'strikes so many times, then ends' }),
    path: Flags.string({ description: 'requests below it: orders, quote, historical, portfolio, …' }),
    method: Flags.string({
      options: ['GET', 'POST', 'PUT', 'DELETE'],
      description: 'requests of this method',
    }),
    user: Flags.string({ description: 'what is sent by or to this user' }),
    for: Flags.string({ description: "ends after 60s, 5m, … of the sandbox's clock" }),
    value: Flags.integer({
      min: 0,
      description: 'milliseconds, status, byte or times, according to the fault',
    }),
  };

  protected override readonly severity = 'info';

  protected async execute({ folders }: OpenContext): Promise<SandboxFaults> {
    const { args, flags } = await this.parse(SandboxFaultSet);
    const { durationMs } = await import('../../../domain/duration.ts');
    const { sandboxAddress } = await import('../../../app/sandbox-notice.ts');
    const { sandboxFaults } = await import('../../../app/sandbox-fault.ts');
    return sandboxFaults(sandboxAddress(folders, flags.url), {
      action: 'set',
      name: args.name,
      probability: flags.probability === undefined ? undefined : Number(flags.probability),
      count: flags.count,
      path: flags.path,
      method: flags.method,
      user: flags.user,
      forMs: flags.for === undefined ? undefined : durationMs(flags.for),
      value: flags.value,
    });
  }

  protected async text(faults: SandboxFaults): Promise<string> {
    const { sandboxFaultsText } = await import('../../../reports/sandbox-faults-text.ts');
    const { screenOf } = await import('../../../reports/screen.ts');
    return sandboxFaultsText(faults, screenOf(process.stdout, process.env));
  }
}
