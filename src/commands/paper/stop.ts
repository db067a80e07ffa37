import { StopSession } from '../session-words.ts';

export default class PaperStop extends StopSession {
  static override summary = 'ends a running paper session, on request with everything closed first';
  static override description =
    `Without --flatten what it holds stays, and the next start goes on with it. With it
everything is closed and the session ends once nothing is held. Where that takes longer than --within, exit code 7 names what is left;
the session goes on closing, opens nothing, and ends by itself.`;
  protected readonly mode = 'paper';
}
