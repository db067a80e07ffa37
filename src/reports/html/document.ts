import { escaped, inertJson, inertScript, policyHash } from './markup.ts';

/** Texts that make the page move: the chart library's standalone build, the page's own script and its style. */
export interface PageParts {
  /** Left out of a page without charts. */
  readonly charts?: string;
  readonly script: string;
  readonly style: string;
}

/**
 * A whole document that asks the network for nothing: its policy forbids everything but the blocks it holds, each by
 * its hash, so that neither data nor a symbol's name can become code.
 */
export function documentOf({
  title,
  body,
  data,
  parts,
}: {
  readonly title: string;
  readonly body: string;
  readonly data: unknown;
  readonly parts: PageParts;
}): string {
  const scripts = [parts.charts ?? [], parts.script].flat().map(inertScript);
  const styles = [parts.style, ...styleOfLibrary(parts.charts ?? '')];
  const policy = [
    "default-src 'none'",
    `script-src ${scripts.map(policyHash).join(' ')}`,
    `style-src ${styles.map(policyHash).join(' ')}`,
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  return `<!doctype html>
<html lang="en-IN">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>${escaped(title)}</title>
<link rel="icon" href="data:,">
<style>${parts.style}</style>
</head>
<body>
${body}
<script type="application/json" id="page-data">${inertJson(data)}</script>
${scripts.map((script) => `<script>${script}</script>`).join('\n')}
</body>
</html>
`;
}

/** The library writes one style element of its own, for its logo, which must stay visible; the policy has to know it. */
function styleOfLibrary(charts: string): readonly string[] {
  const written = /\.innerText="(a#tv-attr-logo[^"\\]*)"/.exec(charts)?.[1];
  return written === undefined ? [] : [written];
}
