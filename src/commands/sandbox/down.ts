import type { OpenContext } from '../../app/open-context.ts';
import type { SandboxStanding } from '../../reports/sandbox-text.ts';
import { AlgoCommand, Flags } from '../base-command.ts';

export default class SandboxDown extends AlgoCommand<SandboxStanding> {
  static override summary = 'ends the running sandbox';
  static override examples = ['<%= config.bin %> <%= command.id %>'];
  static override flags = {
    url: Flags.string({ description: 'address of the sandbox; the one of this home when left out' }),
  };

  protected override readonly severity = 'info';

  protected async execute({ folders }: OpenContext): Promise<SandboxStanding> {
    const { flags } = await this.parse(SandboxDown);
    const { sandboxAddress } = await import('../../app/sandbox-notice.ts');
    const { sandboxDown } = await import('../../app/sandbox-state.ts');
    return sandboxDown(sandboxAddress(folders, flags.url));
  }

  protected text({ url }: SandboxStanding): string {
    return `The sandbox at ${url} goes down.`;
  }
}
