import { StatusOfSessions } from '../session-words.ts';

export default class LiveStatus extends StatusOfSessions {
  static override summary =
    'how live sessions stand: ready or halted and why, positions, limits, feed, process';
  protected readonly mode = 'live';
}
