import type { OpenContext } from '../../../app/open-context.ts';
import type { SandboxStanding } from '../../../reports/sandbox-text.ts';
import { AlgoCommand, Flags } from '../../base-command.ts';

export default class SandboxClockResume extends AlgoCommand<SandboxStanding> {
  static override summary = "the sandbox's clock goes on at its speed";
  static override examples = ['<%= config.bin %> <%= command.id %>'];
  static override flags = {
    url: Flags.string({ description: 'address of the sandbox; the one of this home when left out' }),
  };

  protected override readonly severity = 'info';

  protected async execute({ folders }: OpenContext): Promise<SandboxStanding> {
    const { flags } = await this.parse(SandboxClockResume);
    const { sandboxAddress } = await import('../../../app/sandbox-notice.ts');
    const { sandboxClock } = await import('../../../app/sandbox-state.ts');
    return sandboxClock(sandboxAddress(folders, flags.url), { action: 'resume' });
  }

  protected async text(standing: SandboxStanding): Promise<string> {
    const { sandboxStandingText } = await import('../../../reports/sandbox-text.ts');
    return sandboxStandingText(standing);
  }
}
