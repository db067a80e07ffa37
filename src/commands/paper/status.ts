import { StatusOfSessions } from '../session-words.ts';

export default class PaperStatus extends StatusOfSessions {
  static override summary =
    'how paper sessions stand: ready or halted and why, positions, limits, feed, process';
  protected readonly mode = 'paper';
}
