import type { OpenContext } from '../../../app/open-context.ts';
import type { SandboxStanding } from '../../../reports/sandbox-text.ts';
import { AlgoCommand, Args, Flags } from '../../base-command.ts';

export default class SandboxClockSpeed extends AlgoCommand<SandboxStanding> {
  static override summary = "how fast the sandbox's clock goes";
  static override examples = ['<%= config.bin %> <%= command.id %> 60x'];
  static override args = {
    speed: Args.string({ required: true, description: 'times as fast as life, such as 60x' }),
  };
  static override flags = {
    url: Flags.string({ description: 'address of the sandbox; the one of this home when left out' }),
  };

  protected override readonly severity = 'info';

  protected async execute({ folders }: OpenContext): Promise<SandboxStanding> {
    const { args, flags } = await this.parse(SandboxClockSpeed);
    const { speedOf } = await import('../../../domain/duration.ts');
    const { sandboxAddress } = await import('../../../app/sandbox-notice.ts');
    const { sandboxClock } = await import('../../../app/sandbox-state.ts');
    return sandboxClock(sandboxAddress(folders, flags.url), { action: 'speed', speed: speedOf(args.speed) });
  }

  protected async text(standing: SandboxStanding): Promise<string> {
    const { sandboxStandingText } = await import('../../../reports/sandbox-text.ts');
    return sandboxStandingText(standing);
  }
}
