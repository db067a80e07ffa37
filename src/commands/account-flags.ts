import { Flags } from './base-command.ts';

/** Flags of everything that asks a broker. */
export const accountFlags = {
  account: Flags.string({
    description: 'Kite account of algo profile list (--profile is a configuration)',
  }),
};
