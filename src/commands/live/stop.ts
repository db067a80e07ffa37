import { StopSession } from '../session-words.ts';

export default class LiveStop extends StopSession {
  static override summary = 'ends a running live session, on request with everything closed first';
  static override description =
    `Without --flatten orders and positions stay at the broker, stops among them, and the
next start finds them. With it
everything is closed and the session ends once nothing is held. Where that takes longer than --within, exit code 7 names what is left;
the session goes on closing, opens nothing, and ends by itself.`;
  protected readonly mode = 'live';
}
