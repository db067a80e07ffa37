import { accountFlags } from './account-flags.ts';
import { Args, Flags } from './base-command.ts';

/** Flags of everything that may move money by hand. */
export const handFlags = {
  confirm: Flags.string({
    description: 'client id of the account: sends it; without, it is only shown',
    helpValue: 'CLIENT_ID',
  }),
  ...accountFlags,
};

/** A price in rupees as typed. */
export const rupees = Flags.custom<number>({
  helpValue: 'RUPEES',
  parse: async (text) => {
    const price = Number(text);
    if (text.trim() !== '' && Number.isFinite(price) && price > 0) return price;
    throw new Error(`Expected a price in rupees, received "${text}"`);
  },
});

export const side = Args.custom<'BUY' | 'SELL'>({
  description: 'BUY or SELL',
  options: ['BUY', 'SELL'],
  parse: async (text) => {
    if (text === 'BUY' || text === 'SELL') return text;
    throw new Error(`Expected BUY or SELL, received "${text}"`);
  },
});
