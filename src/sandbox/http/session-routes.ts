import { kiteTime } from '../../domain/kite-time.ts';
import type { Account, Accounts, Session } from './accounts.ts';
import { KiteRefusal, type KiteReply, type Route } from './route.ts';

const exchanges = ['NSE', 'NFO', 'BFO', 'CDS', 'BSE', 'MCX', 'BCD', 'MF'];
const products = ['CNC', 'NRML', 'MIS', 'BO', 'CO'];
const orderTypes = ['MARKET', 'LIMIT', 'SL', 'SL-M'];

/** What is asked before there is a session. */
export interface OpenRequest {
  readonly query: URLSearchParams;
  readonly form: URLSearchParams;
}

/** An endpoint without an Authorization header. */
export interface OpenRoute {
  readonly method: Route['method'];
  readonly path: string;
  handle(request: OpenRequest): KiteReply;
}

/** Login's second half, logout, and the refusal of refresh tokens, which individuals do not get. */
export function sessionRoutes(accounts: Accounts): readonly OpenRoute[] {
  return [
    {
      method: 'POST',
      path: '/session/token',
      handle({ form }) {
        const session = accounts.open({
          apiKey: required(form, 'api_key'),
          requestToken: required(form, 'request_token'),
          checksum: required(form, 'checksum'),
        });
        return { data: sessionData(session) };
      },
    },
    {
      method: 'DELETE',
      path: '/session/token',
      handle({ query }) {
        if (accounts.close(required(query, 'api_key'), required(query, 'access_token')))
          return { data: true };
        throw new KiteRefusal('TokenException', 'Incorrect `api_key` or `access_token`.');
      },
    },
    {
      method: 'POST',
      path: '/session/refresh_token',
      handle() {
        throw new KiteRefusal('TokenException', 'Invalid `refresh_token`. Only approved platforms have one.');
      },
    },
  ];
}

export function profileRoutes(accounts: Accounts): readonly Route[] {
  const accountOf = (userId: string): Account => {
    const account = accounts.byUser(userId);
    if (account) return account;
    throw new KiteRefusal('UserException', 'User not found.');
  };
  return [
    {
      method: 'GET',
      path: '/user/profile',
      limit: 'other',
      handle: ({ caller }) => ({
        data: { ...profileData(accountOf(caller.userId)), meta: { demat_consent: 'physical' } },
      }),
    },
    {
      method: 'GET',
      path: '/user/profile/full',
      limit: 'other',
      handle: ({ caller }) => ({ data: fullProfile(accountOf(caller.userId)) }),
    },
  ];
}

function profileData({ userId, userName, email }: Account) {
  return {
    user_id: userId,
    user_type: 'individual',
    email,
    user_name: userName,
    user_shortname: userName.split(' ')[0],
    broker: 'ZERODHA',
    exchanges,
    products,
    order_types: orderTypes,
    avatar_url: null,
  };
}

function fullProfile(account: Account) {
  return {
    ...profileData(account),
    twofa_type: 'totp',
    twofa_timestamp: '',
    phone: '',
    pan: '',
    bank_accounts: [],
    dp_ids: [],
    tags: [],
    password_timestamp: '',
    meta: { poa: '', silo: '', account_blocks: [] },
  };
}

function sessionData({ account, accessToken, publicToken, loginTime }: Session) {
  return {
    ...profileData(account),
    api_key: account.apiKey,
    access_token: accessToken,
    public_token: publicToken,
    enctoken: '',
    refresh_token: '',
    silo: '',
    login_time: kiteTime(loginTime),
    meta: { demat_consent: 'physical' },
  };
}

function required(fields: URLSearchParams, name: string): string {
  const value = fields.get(name);
  if (value) return value;
  throw new KiteRefusal('InputException', `Missing or empty field \`${name}\``);
}
