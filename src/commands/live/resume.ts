import { ResumeSession } from '../session-words.ts';

export default class LiveResume extends ResumeSession {
  static override summary = 'ends the pause of a running live session';
  protected readonly mode = 'live';
}
