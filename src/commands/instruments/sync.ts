import type { OpenContext } from '../../app/open-context.ts';
import { AlgoCommand, Flags } from '../base-command.ts';

interface Synced {
  readonly file: string;
  readonly day: string;
  readonly listed: number;
  readonly changed: number;
}

export default class InstrumentsSync extends AlgoCommand<Synced> {
  static override summary = "the broker's instrument list of today into the archive";
  static override description =
    'Run it every trading day after 08:30: a contract that has expired cannot be asked for later. Again on the same day it changes nothing.';
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --account main --json',
  ];
  static override flags = {
    account: Flags.string({ description: 'Kite account whose session is used' }),
    force: Flags.boolean({ default: false, description: 'take a list that is much shorter than the last' }),
  };

  protected override readonly severity = 'info';

  protected async execute(context: OpenContext): Promise<Synced> {
    const { flags } = await this.parse(InstrumentsSync);
    const { syncInstruments } = await import('../../app/backfill-kite.ts');
    return syncInstruments(context, flags);
  }

  protected text({ file, day, listed, changed }: Synced): string {
    return `${listed} instruments of ${day}, ${changed} new or changed\n${file}`;
  }
}
