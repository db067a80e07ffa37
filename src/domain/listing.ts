import type { InstrumentKind } from './instrument.ts';
import type { IsoDate } from './time.ts';

/** An instrument as the broker's list had it from one day to another. Tokens mean something on those days only. */
export interface Listing {
  readonly exchange: string;
  readonly tradingsymbol: string;
  readonly token: number;
  readonly exchangeToken: number;
  /** Company of a share, underlying of a contract. */
  readonly name: string;
  /** Empty for shares and indices. */
  readonly expiry: IsoDate | '';
  /** Rupees; 0 where there is none. */
  readonly strike: number;
  readonly tickSize: number;
  readonly lotSize: number;
  readonly type: 'EQ' | 'FUT' | 'CE' | 'PE';
  readonly segment: string;
}

/** With the first and last imported list that has it unchanged. */
export interface ArchivedListing extends Listing {
  readonly firstSeen: IsoDate;
  readonly lastSeen: IsoDate;
}

/** Kite lists an index as a share of the segment INDICES. */
export function kindOfListing({ type, segment }: Listing): InstrumentKind {
  return segment === 'INDICES' ? 'INDEX' : type;
}
