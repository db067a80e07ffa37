import type { EpochMs } from '../domain/time.ts';
import type { Context } from './context.ts';
import type { SessionDuties } from './feed-session.ts';
import { killed } from './kill.ts';
import type { SessionPlayer } from './session-player.ts';

/**
 * Has a session do what a person stopped: `look` finds a KILL file that is new, asks for more, or is gone. The halt stays until it is
 * released, and what was asked for is done once.
 */
export class KillWatch {
  readonly #context: Pick<Context, 'folders' | 'output'>;
  readonly #player: SessionPlayer;
  readonly #now: () => EpochMs;
  #done = '';

  constructor(context: Pick<Context, 'folders' | 'output'>, player: SessionPlayer, now: () => EpochMs) {
    this.#context = context;
    this.#player = player;
    this.#now = now;
  }

  look(): void {
    const { folders, output } = this.#context;
    const kill = killed(folders);
    if (!kill) {
      this.#done = '';
      if (this.#player.resume('HALT_KILL')) output.note('The kill was released.');
      return;
    }
    if (this.#player.halt('HALT_KILL', kill.reason)) output.note(`Trading is killed: ${kill.reason}.`);
    const wish = `${kill.cancel} ${kill.flatten}`;
    if (wish === this.#done) return;
    this.#done = wish;
    if (kill.flatten) this.#player.operate('flatten', this.#now());
    else if (kill.cancel) this.#player.operate('cancel-entries', this.#now());
  }
}

/** A session that sends nothing looks for a KILL file as one does that has a broker. */
export function killDuties(kill: KillWatch): SessionDuties {
  return {
    price: () => undefined,
    hint: () => undefined,
    renewed: async () => undefined,
    settled: () => true,
    look: async () => kill.look(),
    onFailure: () => undefined,
  };
}
