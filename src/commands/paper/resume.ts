import { ResumeSession } from '../session-words.ts';

export default class PaperResume extends ResumeSession {
  static override summary = 'ends the pause of a running paper session';
  protected readonly mode = 'paper';
}
