/** What stands where a secret was. */
const mask = '[secret]';
/** Shorter ones appear in ordinary words by chance. */
const secretLengthMin = 4;

/** Takes a session's secrets out of text that a server may have echoed: plain, URL-encoded, and as `token key:secret`. */
export function secretless(secrets: readonly (string | undefined)[]): (text: string) => string {
  const forms = secrets
    .flatMap((secret) =>
      secret && secret.length >= secretLengthMin ? [secret, encodeURIComponent(secret)] : [],
    )
    .sort((one, other) => other.length - one.length);
  return (text) =>
    forms
      .reduce((rest, form) => rest.replaceAll(form, mask), text)
      .replace(/\btoken\s+[\w.~+/%-]+:[\w.~+/%=[\]-]+/gi, `token ${mask}`)
      .replace(/((?:access|request|refresh|enc)_?token|checksum|api_secret)=[^\s"'&]+/gi, `$1=${mask}`);
}
