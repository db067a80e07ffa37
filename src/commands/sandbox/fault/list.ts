import type { SandboxFaults } from '../../../app/sandbox-fault.ts';
import { AlgoCommand, Flags } from '../../base-command.ts';

export default class SandboxFaultList extends AlgoCommand<SandboxFaults> {
  static override summary = 'faults that are switched on in a running sandbox';
  static override examples = ['<%= config.bin %> <%= command.id %> --url http://127.0.0.1:8080'];
  static override flags = {
    url: Flags.string({ required: true, description: 'address that "algo sandbox up" printed' }),
  };

  protected async execute(): Promise<SandboxFaults> {
    const { flags } = await this.parse(SandboxFaultList);
    const { sandboxFaults } = await import('../../../app/sandbox-fault.ts');
    return sandboxFaults(flags.url, { action: 'list' });
  }

  protected async text(faults: SandboxFaults): Promise<string> {
    const { sandboxFaultsText } = await import('../../../reports/sandbox-faults-text.ts');
    const { screenOf } = await import('../../../reports/screen.ts');
    return sandboxFaultsText(faults, screenOf(process.stdout, process.env));
  }
}
