import { PauseSession } from '../session-words.ts';

export default class PaperPause extends PauseSession {
  static override summary = 'a running paper session opens nothing until it is resumed; exits pass';
  protected readonly mode = 'paper';
}
