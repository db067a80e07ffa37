import type { WholeReply } from '../faults/apply-fault.ts';
import type { Account, Accounts } from './accounts.ts';
import { htmlReply } from './envelope.ts';

/** What the browser brought. */
export interface LoginRequest {
  readonly method: string;
  readonly query: URLSearchParams;
  readonly form: URLSearchParams;
}

/**
 * The page on which a user of the sandbox says yes, without a password: `GET /connect/login?v=3&api_key=…`. Its button, `&auto=1`, or a
 * sandbox that says yes by itself sends the browser on to the app with a request token.
 *
 * `redirect_url` in the query takes the place of the account's own one, as long as it leads to this computer.
 */
export function loginPage(
  accounts: Accounts,
  { method, query, form }: LoginRequest,
  auto: boolean,
): WholeReply {
  const said = method === 'POST' ? form : query;
  const account = accounts.byApiKey(said.get('api_key') ?? '');
  if (!account)
    return refusalPage('Invalid `api_key`.', 'algo sandbox status shows the keys of this sandbox.');
  if (said.get('v') !== '3') return refusalPage('Unknown version of Kite Connect.', 'Send v=3.');
  const target = targetOf(account, said.get('redirect_url'));
  if (!target) return refusalPage('`redirect_url` does not lead to this computer.', 'Use http://127.0.0.1:…');
  const more = said.get('redirect_params') ?? '';
  if (method !== 'POST' && !auto && query.get('auto') !== '1') return askingPage(account, target, more);
  if (said.get('answer') === 'no') return redirect(target, { action: 'login', status: 'cancelled' }, more);
  const granted = {
    action: 'login',
    type: 'login',
    status: 'success',
    request_token: accounts.approve(account.apiKey),
  };
  return redirect(target, granted, more);
}

function targetOf({ redirectUrl }: Account, asked: string | null): URL | undefined {
  if (!asked) return new URL(redirectUrl);
  return isOwnUrl(asked) ? new URL(asked) : undefined;
}

/** Whether an address leads to a program on this computer. */
export function isOwnUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { hostname, protocol } = new URL(text);
  return protocol === 'http:' && ['127.0.0.1', 'localhost', '[::1]'].includes(hostname);
}

function redirect(target: URL, granted: Readonly<Record<string, string>>, more: string): WholeReply {
  const url = new URL(target);
  for (const [name, value] of new URLSearchParams(more)) url.searchParams.append(name, value);
  for (const [name, value] of Object.entries(granted)) url.searchParams.set(name, value);
  return { status: 302, headers: { location: url.href, 'cache-control': 'no-store' }, body: Buffer.alloc(0) };
}

function askingPage(account: Account, target: URL, more: string): WholeReply {
  const hidden = { api_key: account.apiKey, v: '3', redirect_url: target.href, redirect_params: more };
  const inputs = Object.entries(hidden).map(
    ([name, value]) => `<input type="hidden" name="${name}" value="${escaped(value)}">`,
  );
  return page(
    200,
    `<h1>Sandbox login</h1>
<p>App <b>${escaped(account.apiKey)}</b> asks to act for <b>${escaped(account.userId)}</b> in the sandbox. Nothing here is real money.</p>
<p>It will be told at ${escaped(target.origin + target.pathname)}</p>
<form method="post" action="login">${inputs.join('')}
<button name="answer" value="yes">Log in</button> <button name="answer" value="no">Cancel</button></form>`,
  );
}

function refusalPage(what: string, fix: string): WholeReply {
  return page(400, `<h1>Sandbox login</h1><p>${escaped(what)}</p><p>${escaped(fix)}</p>`);
}

// No scripts. A button's answer is a redirect to the app, which the browser counts as a target of the form.
const policy =
  "default-src 'none'; style-src 'unsafe-inline'; form-action 'self' http://127.0.0.1:* http://localhost:*";

function page(status: number, body: string): WholeReply {
  const html = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Sandbox login</title>
<style>body{font:16px system-ui;max-width:34em;margin:4em auto;padding:0 1em}button{font:inherit;padding:.4em 1.2em}</style></head>
<body>${body}</body></html>
`;
  const reply = htmlReply(status, html);
  return {
    ...reply,
    headers: { ...reply.headers, 'content-security-policy': policy, 'cache-control': 'no-store' },
  };
}

function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
