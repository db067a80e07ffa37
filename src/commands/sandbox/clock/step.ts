import type { OpenContext } from '../../../app/open-context.ts';
import type { SandboxStanding } from '../../../reports/sandbox-text.ts';
import { AlgoCommand, Args, Flags } from '../../base-command.ts';

export default class SandboxClockStep extends AlgoCommand<SandboxStanding> {
  static override summary = "the sandbox's clock goes forward at once";
  static override examples = ['<%= config.bin %> <%= command.id %> 5m'];
  static override args = {
    duration: Args.string({ required: true, description: '500ms, 60s, 5m or 1h of its time' }),
  };
  static override flags = {
    url: Flags.string({ description: 'address of the sandbox; the one of this home when left out' }),
  };

  protected override readonly severity = 'info';

  protected async execute({ folders }: OpenContext): Promise<SandboxStanding> {
    const { args, flags } = await this.parse(SandboxClockStep);
    const { durationMs } = await import('../../../domain/duration.ts');
    const { sandboxAddress } = await import('../../../app/sandbox-notice.ts');
    const { sandboxClock } = await import('../../../app/sandbox-state.ts');
    return sandboxClock(sandboxAddress(folders, flags.url), {
      action: 'step',
      ms: durationMs(args.duration),
    });
  }

  protected async text(standing: SandboxStanding): Promise<string> {
    const { sandboxStandingText } = await import('../../../reports/sandbox-text.ts');
    return sandboxStandingText(standing);
  }
}
