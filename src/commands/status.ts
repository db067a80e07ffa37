import type { OpenContext } from '../app/open-context.ts';
import type { HomeStatus } from '../reports/status-text.ts';
import { AlgoCommand } from './base-command.ts';

export default class Status extends AlgoCommand<HomeStatus> {
  static override summary = 'everything at a glance: sessions, kill, markets, logins, history, sandbox';
  static override description =
    'Asks running sessions and reads journals; no broker is asked. Exit code 7 while trading is killed or a running session is halted.';
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --json',
  ];

  protected async execute(context: OpenContext): Promise<HomeStatus> {
    const { homeStatus } = await import('../app/home-status.ts');
    const status = await homeStatus(context);
    const halted = status.sessions.some(({ running, state }) => running && state !== 'READY');
    if (status.kill !== null || halted) {
      const { exitCodes } = await import('../domain/errors.ts');
      process.exitCode = exitCodes.risk;
    }
    return status;
  }

  protected async text(status: HomeStatus): Promise<string> {
    const { homeStatusText } = await import('../reports/status-text.ts');
    const { screenOf } = await import('../reports/screen.ts');
    return homeStatusText(status, screenOf(process.stdout, process.env));
  }
}
