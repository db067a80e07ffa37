import type { OpenContext } from '../app/open-context.ts';
import type { StatusPage } from '../app/session-status.ts';
import type { JournalMode } from '../app/streams.ts';
import type { SessionAnswer } from '../app/tell-session.ts';
import { AlgoCommand, Flags } from './base-command.ts';

const stream = Flags.string({
  description: 'name of the session’s journal; the one that runs when left out',
});

/** What a running session can be told, whosever money it is: a command names the mode, and says in its words what it does. */
abstract class SessionWord extends AlgoCommand<SessionAnswer> {
  // The help takes what all commands share from a class only where each between has something of its own.
  static override flags = { stream };

  protected abstract readonly mode: JournalMode;
  protected override readonly severity = 'info';

  protected async text(answer: SessionAnswer): Promise<string> {
    const { answerText } = await import('../reports/session-standing-text.ts');
    return answerText(answer);
  }
}

export abstract class PauseSession extends SessionWord {
  static override description =
    'The pause is in the journal and stands over restarts. It is the session’s HALT_PAUSE.';
  static override examples = ['<%= config.bin %> <%= command.id %> --reason "news at 14:00"'];
  static override flags = {
    stream,
    reason: Flags.string({ default: 'a person paused it', description: 'why, in a few words' }),
  };

  protected async execute(context: OpenContext): Promise<SessionAnswer> {
    const { flags } = await this.parse(PauseSession);
    const { tellSession } = await import('../app/tell-session.ts');
    return tellSession(context, this.mode, flags.stream, { do: 'pause', reason: flags.reason });
  }
}

export abstract class ResumeSession extends SessionWord {
  static override description =
    'Ends a person’s pause alone: a kill, a loss, a breaker and every other halt stand until their own reason is gone.';
  static override examples = ['<%= config.bin %> <%= command.id %>'];

  protected async execute(context: OpenContext): Promise<SessionAnswer> {
    const { flags } = await this.parse(ResumeSession);
    const { tellSession } = await import('../app/tell-session.ts');
    return tellSession(context, this.mode, flags.stream, { do: 'resume' });
  }
}

export abstract class StopSession extends SessionWord {
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --flatten --within 120',
  ];
  static override flags = {
    stream,
    flatten: Flags.boolean({ default: false, description: 'close everything first' }),
    within: Flags.integer({
      min: 1,
      max: 86_400,
      description: 'seconds to wait; with --flatten what the session expects to need, else 30, when left out',
    }),
  };

  protected async execute(context: OpenContext): Promise<SessionAnswer> {
    const { flags } = await this.parse(StopSession);
    const { stopSession } = await import('../app/tell-session.ts');
    return stopSession(context, this.mode, { ...flags, note: (sentence) => context.output.note(sentence) });
  }
}

export abstract class StatusOfSessions extends AlgoCommand<StatusPage> {
  static override description =
    'Asks the sessions that run, and reads the journal of those that do not. Exit code 7 while one that runs is halted.';
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --json',
  ];
  static override flags = {
    stream: Flags.string({ description: 'name of the session’s journal; all when left out' }),
  };

  protected abstract readonly mode: JournalMode;

  protected async execute(context: OpenContext): Promise<StatusPage> {
    const { flags } = await this.parse(StatusOfSessions);
    const { sessionStatus } = await import('../app/session-status.ts');
    const page = await sessionStatus(context, this.mode, flags.stream);
    if (page.sessions.some(({ running, state }) => running && state !== 'READY')) {
      const { exitCodes } = await import('../domain/errors.ts');
      process.exitCode = exitCodes.risk;
    }
    return page;
  }

  protected async text({ sessions }: StatusPage): Promise<string> {
    const { standingsText } = await import('../reports/session-standing-text.ts');
    const { screenOf } = await import('../reports/screen.ts');
    return standingsText(sessions, screenOf(process.stdout, process.env));
  }
}
