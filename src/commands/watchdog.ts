import type { OpenContext } from '../app/open-context.ts';
import type { WatchdogPage } from '../app/watchdog.ts';
import { accountFlags } from './account-flags.ts';
import { AlgoCommand } from './base-command.ts';

export default class Watchdog extends AlgoCommand<WatchdogPage> {
  static override summary = 'carries out algo kill when the live session cannot';
  static override description =
    `Runs beside a live session, until Ctrl-C. Once a KILL file is there and no session has shown for three seconds, it cancels entries
of ours at the broker by itself, and closes everything of ours where the kill says so, until nothing is left.`;
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --account main --json',
  ];
  static override flags = {
    ...accountFlags,
  };

  protected async execute(context: OpenContext): Promise<WatchdogPage> {
    const { flags } = await this.parse(Watchdog);
    const { watchUntilStopped } = await import('../app/watchdog-process.ts');
    return watchUntilStopped(context, flags);
  }

  protected async text({ rounds, failed }: WatchdogPage): Promise<string> {
    return `The watchdog acted ${rounds} times, ${failed} of them in vain.`;
  }
}
