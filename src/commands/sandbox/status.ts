import type { OpenContext } from '../../app/open-context.ts';
import type { SandboxStanding } from '../../reports/sandbox-text.ts';
import { AlgoCommand, Flags } from '../base-command.ts';

export default class SandboxStatus extends AlgoCommand<SandboxStanding> {
  static override summary = 'how the running sandbox stands';
  static override examples = ['<%= config.bin %> <%= command.id %>'];
  static override flags = {
    url: Flags.string({ description: 'address of the sandbox; the one of this home when left out' }),
  };

  protected async execute({ folders }: OpenContext): Promise<SandboxStanding> {
    const { flags } = await this.parse(SandboxStatus);
    const { sandboxAddress } = await import('../../app/sandbox-notice.ts');
    const { sandboxState } = await import('../../app/sandbox-state.ts');
    return sandboxState(sandboxAddress(folders, flags.url));
  }

  protected async text(standing: SandboxStanding): Promise<string> {
    const { sandboxStandingText } = await import('../../reports/sandbox-text.ts');
    return sandboxStandingText(standing);
  }
}
