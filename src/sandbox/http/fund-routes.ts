import { KiteRefusal, type Route } from './route.ts';

/** Header of Kite's list of mutual funds. Source: Kite Connect v3, Mutual funds. */
const fundColumns = [
  'tradingsymbol',
  'amc',
  'name',
  'purchase_allowed',
  'redemption_allowed',
  'minimum_purchase_amount',
  'purchase_amount_multiplier',
  'minimum_additional_purchase_amount',
  'minimum_redemption_quantity',
  'redemption_quantity_multiplier',
  'dividend_type',
  'scheme_type',
  'plan',
  'settlement_type',
  'last_price',
  'last_price_date',
].join(',');

/**
 * Mutual funds, which the sandbox does not trade: nobody holds any and none is listed, so programs that look get Kite's shapes
 * without rows, and those that order are told. Kite's interface, too, only reads by now.
 */
export function fundRoutes(): readonly Route[] {
  const nothing = (path: string): Route => ({
    ...{ method: 'GET', path, limit: 'other' },
    handle: () => ({ data: [] }),
  });
  const unknown = (path: string, what: string): Route => ({
    ...{ method: 'GET', path, limit: 'other' },
    handle: () => {
      throw new KiteRefusal('InputException', `Invalid \`${what}\`. The sandbox has no mutual funds.`);
    },
  });
  const untraded = (method: Route['method'], path: string): Route => ({
    ...{ method, path, limit: 'other' },
    handle: () => {
      throw new KiteRefusal('GeneralException', 'Mutual funds are not traded in the sandbox.', 501);
    },
  });
  return [
    untraded('POST', '/mf/orders'),
    untraded('DELETE', '/mf/orders/:order_id'),
    untraded('POST', '/mf/sips'),
    untraded('PUT', '/mf/sips/:sip_id'),
    untraded('DELETE', '/mf/sips/:sip_id'),
    nothing('/mf/orders'),
    unknown('/mf/orders/:order_id', 'order_id'),
    nothing('/mf/sips'),
    unknown('/mf/sips/:sip_id', 'sip_id'),
    nothing('/mf/holdings'),
    {
      ...{ method: 'GET', path: '/mf/instruments', limit: 'other' },
      handle: () => ({ text: `${fundColumns}\n`, contentType: 'text/csv' }),
    },
  ];
}
