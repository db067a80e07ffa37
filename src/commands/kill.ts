import type { KillPage } from '../app/kill-session.ts';
import type { OpenContext } from '../app/open-context.ts';
import { accountFlags } from './account-flags.ts';
import { AlgoCommand, Flags } from './base-command.ts';

export default class Kill extends AlgoCommand<KillPage> {
  static override summary = 'stops all trading at once, and keeps it stopped over restarts';
  static override description =
    `Writes a KILL file that every session looks at before each request: no entry is sent until it is released. --cancel also calls off
entries under way, --flatten closes everything of ours. Where no live session runs, this command does it at the broker itself,
with orders of ours alone. Exit code 7 when something is left to do.`;
  static override examples = [
    '<%= config.bin %> <%= command.id %> --reason "prices look wrong"',
    '<%= config.bin %> <%= command.id %> --cancel --reason "broker is down"',
    '<%= config.bin %> <%= command.id %> --flatten --reason "leaving the desk" --account main',
  ];
  static override flags = {
    reason: Flags.string({ required: true, description: 'why, in a few words; kept with the time' }),
    cancel: Flags.boolean({ default: false, description: 'call off entries under way; stops are kept' }),
    flatten: Flags.boolean({
      default: false,
      description: 'cancel every order of ours and close at market what they opened',
    }),
    ...accountFlags,
  };

  protected async execute(context: OpenContext): Promise<KillPage> {
    const { flags } = await this.parse(Kill);
    const { kill } = await import('../app/kill-session.ts');
    const page = await kill(context, flags);
    if (page.acted && !page.acted.complete) {
      const { exitCodes } = await import('../domain/errors.ts');
      process.exitCode = exitCodes.risk;
    }
    return page;
  }

  protected async text(page: KillPage): Promise<string> {
    const { killText } = await import('../reports/kill-text.ts');
    return killText(page);
  }
}
