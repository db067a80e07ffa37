import { PauseSession } from '../session-words.ts';

export default class LivePause extends PauseSession {
  static override summary = 'a running live session opens nothing until it is resumed; exits pass';
  protected readonly mode = 'live';
}
