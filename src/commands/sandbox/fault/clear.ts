import type { OpenContext } from '../../../app/open-context.ts';
import type { SandboxFaults } from '../../../app/sandbox-fault.ts';
import { AlgoCommand, Args, Flags } from '../../base-command.ts';

export default class SandboxFaultClear extends AlgoCommand<SandboxFaults> {
  static override summary = 'one fault of a running sandbox, or all, switched off';
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> too-many',
  ];
  static override args = { name: Args.string({ description: 'fault; all when it is left out' }) };
  static override flags = {
    url: Flags.string({ description: 'address of the sandbox; the one of this home when left out' }),
  };

  protected override readonly severity = 'info';

  protected async execute({ folders }: OpenContext): Promise<SandboxFaults> {
    const { args, flags } = await this.parse(SandboxFaultClear);
    const { sandboxAddress } = await import('../../../app/sandbox-notice.ts');
    const { sandboxFaults } = await import('../../../app/sandbox-fault.ts');
    return sandboxFaults(sandboxAddress(folders, flags.url), { action: 'clear', name: args.name });
  }

  protected async text(faults: SandboxFaults): Promise<string> {
    const { sandboxFaultsText } = await import('../../../reports/sandbox-faults-text.ts');
    const { screenOf } = await import('../../../reports/screen.ts');
    return sandboxFaultsText(faults, screenOf(process.stdout, process.env));
  }
}
