/** Whose request it is, once its token has been checked. */
export interface Caller {
  readonly userId: string;
  readonly apiKey: string;
}

/** A request that passed the header check, the token check and the limits. */
export interface KiteRequest {
  readonly caller: Caller;
  /** Named parts of the path, decoded: `{ variety: 'regular', order_id: '2411…' }`. */
  readonly path: Readonly<Record<string, string>>;
  /** Every value of every name of the query, in order. */
  readonly query: URLSearchParams;
  /** Fields of a form body; empty for a JSON body. */
  readonly form: URLSearchParams;
  /** A JSON body, parsed; undefined for a form. */
  readonly json: unknown;
}

/** What the server puts into the envelope, or sends as it is where Kite has none (CSV). */
export type KiteReply = { readonly data: unknown } | { readonly text: string; readonly contentType: string };

/** Kite's own error types; the server sends each with its usual status. */
export type KiteErrorType =
  | 'TokenException'
  | 'UserException'
  | 'PermissionException'
  | 'InputException'
  | 'OrderException'
  | 'MarginException'
  | 'HoldingException'
  | 'NetworkException'
  | 'DataException'
  | 'GeneralException';

/** A refusal in Kite's words; thrown by a route, turned into Kite's envelope by the server. */
export class KiteRefusal extends Error {
  readonly errorType: KiteErrorType;
  readonly status: number | undefined;

  constructor(errorType: KiteErrorType, message: string, status?: number) {
    super(message);
    this.errorType = errorType;
    this.status = status;
  }
}

/** One endpoint. `path` as in Kite's documentation: `/orders/:variety/:order_id`. */
export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly path: string;
  /** Which limit counts it. */
  readonly limit: 'quote' | 'historical' | 'order' | 'other';
  handle(request: KiteRequest): KiteReply | Promise<KiteReply>;
}
