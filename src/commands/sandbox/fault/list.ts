import type { OpenContext } from '../../../app/open-context.ts';
import type { SandboxFaults } from '../../../app/sandbox-fault.ts';
import { AlgoCommand, Flags } from '../../base-command.ts';

export default class SandboxFaultList extends AlgoCommand<SandboxFaults> {
  static override summary = 'faults that are switched on in a running sandbox';
  static override examples = ['<%= config.bin %> <%= command.id %>'];
  static override flags = {
    url: Flags.string({ description: 'address of the sandbox; the one of this home when left out' }),
  };

  protected async execute({ folders }: OpenContext): Promise<SandboxFaults> {
    const { flags } = await this.parse(SandboxFaultList);
    const { sandboxAddress } = await import('../../../app/sandbox-notice.ts');
    const { sandboxFaults } = await import('../../../app/sandbox-fault.ts');
    return sandboxFaults(sandboxAddress(folders, flags.url), { action: 'list' });
  }

  protected async text(faults: SandboxFaults): Promise<string> {
    const { sandboxFaultsText } = await import('../../../reports/sandbox-faults-text.ts');
    const { screenOf } = await import('../../../reports/screen.ts');
    return sandboxFaultsText(faults, screenOf(process.stdout, process.env));
  }
}
