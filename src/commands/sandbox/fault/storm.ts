import type { OpenContext } from '../../../app/open-context.ts';
import type { SandboxFaults } from '../../../app/sandbox-fault.ts';
import { AlgoCommand, Flags } from '../../base-command.ts';

export default class SandboxFaultStorm extends AlgoCommand<SandboxFaults> {
  static override summary = 'a bad day: about half of all faults at once, each as strong as chance has it';
  static override description =
    'The seed decides which faults take part and how strong they are. What was switched on before is cleared.';
  static override examples = ['<%= config.bin %> <%= command.id %> --seed 7'];
  static override flags = {
    url: Flags.string({ description: 'address of the sandbox; the one of this home when left out' }),
    seed: Flags.integer({
      required: true,
      min: 0,
      description: 'whole number; the same one gives the same storm',
    }),
  };

  protected override readonly severity = 'info';

  protected async execute({ folders }: OpenContext): Promise<SandboxFaults> {
    const { flags } = await this.parse(SandboxFaultStorm);
    const { sandboxAddress } = await import('../../../app/sandbox-notice.ts');
    const { sandboxFaults } = await import('../../../app/sandbox-fault.ts');
    return sandboxFaults(sandboxAddress(folders, flags.url), { action: 'storm', seed: flags.seed });
  }

  protected async text(faults: SandboxFaults): Promise<string> {
    const { sandboxFaultsText } = await import('../../../reports/sandbox-faults-text.ts');
    const { screenOf } = await import('../../../reports/screen.ts');
    return sandboxFaultsText(faults, screenOf(process.stdout, process.env));
  }
}
