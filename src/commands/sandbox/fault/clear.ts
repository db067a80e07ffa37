import type { SandboxFaults } from '../../../app/sandbox-fault.ts';
import { AlgoCommand, Args, Flags } from '../../base-command.ts';

export default class SandboxFaultClear extends AlgoCommand<SandboxFaults> {
  static override summary = 'one fault of a running sandbox, or all, switched off';
  static override examples = [
    '<%= config.bin %> <%= command.id %> --url http://127.0.0.1:8080',
    '<%= config.bin %> <%= command.id %> too-many --url http://127.0.0.1:8080',
  ];
  static override args = { name: Args.string({ description: 'fault; all when it is left out' }) };
  static override flags = {
    url: Flags.string({ required: true, description: 'address that "algo sandbox up" printed' }),
  };

  protected override readonly severity = 'info';

  protected async execute(): Promise<SandboxFaults> {
    const { args, flags } = await this.parse(SandboxFaultClear);
    const { sandboxFaults } = await import('../../../app/sandbox-fault.ts');
    return sandboxFaults(flags.url, { action: 'clear', name: args.name });
  }

  protected async text(faults: SandboxFaults): Promise<string> {
    const { sandboxFaultsText } = await import('../../../reports/sandbox-faults-text.ts');
    const { screenOf } = await import('../../../reports/screen.ts');
    return sandboxFaultsText(faults, screenOf(process.stdout, process.env));
  }
}
