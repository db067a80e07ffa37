/** What stands in a log where a secret was. */
export const mask = '[secret]';

/** Shorter values appear in ordinary text by chance, so they are recognised by their key only. */
const secretLengthMin = 6;

/** Keys whose value is a secret wherever it stands. Compared without case, dashes and underscores. */
const secretKeys = new Set([
  'accesstoken',
  'apisecret',
  'authorization',
  'checksum',
  'cookie',
  'enctoken',
  'password',
  'pin',
  'proxyauthorization',
  'publictoken',
  'refreshtoken',
  'requesttoken',
  'secret',
  'sessiontoken',
  'setcookie',
  'token',
  'totp',
  'totpsecret',
  'twofa',
]);

/** `access_token=…`, `"enctoken": "…"`, `api_secret: …` inside running text. */
const assignment =
  /((?:access|request|refresh|public|session|enc)_?-?token|api_?-?secret|checksum|password|totp(?:_?-?secret)?|twofa(?:_?-?value)?)(["']?\s*(?:=|:|%3[AD])\s*["']?)([^\s"'&,;}\])]+)/gi;
/** Kite's `Authorization: token api_key:access_token`, and the other schemes. */
const credentials = /\b(token|bearer|basic|enctoken)(\s+|%20|\+)([\w.~+/%-]+(?::|%3A)?[\w.~+/%=-]*)/gi;
const header = /(authorization["']?\s*[:=]\s*["']?)([^\r\n"'}]+)/gi;
/** The query of a URL carries tokens; what is wanted for finding faults stands before it. */
const query = /(\b(?:https?|wss?):\/\/[^\s"'?<>]*)\?[^\s"'<>]*/gi;

/** Knows the secrets of this process and keeps them out of whatever is written. */
export interface Redactor {
  /** A live value that must not appear anywhere, in plain, URL, JSON or base64 form. Too short ones are recognised by key only. */
  register(secret: string): void;
  /** Without registered values, and without whatever looks like a secret. */
  text(text: string): string;
  /** Without registered values only, for messages to the person at the terminal, whose addresses should stay whole. */
  known(text: string): string;
}

/** The secrets of this process: every log leaves them out, and so does every message on the terminal. */
export const ownSecrets: Redactor = redactor();

export function redactor(): Redactor {
  const forms = new Set<string>();
  let longestFirst: readonly string[] = [];
  const known = (text: string): string =>
    longestFirst.reduce((rest, form) => (rest.includes(form) ? rest.replaceAll(form, mask) : rest), text);
  return {
    known,

    register(secret) {
      if (secret.length < secretLengthMin) return;
      for (const form of formsOf(secret)) forms.add(form);
      // Longest first, so that no part of a long secret is left beside the mask of a short one.
      longestFirst = [...forms].sort((one, other) => other.length - one.length);
    },
    text(text) {
      return known(text)
        .replace(query, '$1?…')
        .replace(header, `$1${mask}`)
        .replace(assignment, `$1$2${mask}`)
        .replace(credentials, (whole: string, scheme: string, gap: string, value: string) =>
          /[:]|%3A/i.test(value) || value.length >= 16 ? `${scheme}${gap}${mask}` : whole,
        );
    },
  };
}

/** True of a key under which only secrets are kept. */
export function isSecretKey(key: string): boolean {
  return secretKeys.has(key.toLowerCase().replace(/[-_]/g, ''));
}

/** How a secret looks after the encodings that requests and logs put it through. Base64 depends on what stands before it: three phases. */
function formsOf(secret: string): string[] {
  const escaped = JSON.stringify(secret).slice(1, -1);
  const encoded = encodeURIComponent(secret);
  const bytes = Buffer.from(secret, 'utf8');
  const base64 = [0, 1, 2].flatMap((before) => {
    const text = Buffer.concat([Buffer.alloc(before), bytes])
      .toString('base64')
      .replace(/=+$/, '');
    const whole = text.slice(Math.ceil((before * 8) / 6), Math.floor(((before + bytes.length) * 8) / 6));
    return [whole, whole.replaceAll('+', '-').replaceAll('/', '_')];
  });
  const forms = [
    secret,
    escaped,
    JSON.stringify(escaped).slice(1, -1),
    encoded,
    encodeURIComponent(encoded),
    bytes.toString('hex'),
    ...base64,
  ];
  return forms.filter((form) => form.length >= secretLengthMin);
}
