import {
  isCollection,
  isMap,
  isScalar,
  LineCounter,
  parse,
  parseDocument,
  visit,
  type YAMLError,
} from 'yaml';
import { isSettings, type Layer } from './layer.ts';

/** A configuration is a page of text; more is a mistake or an attack. */
const yamlBytesMax = 1_048_576;
/** Expansions of aliases in one file; a "billion laughs" file needs far more. */
const aliasesMax = 100;
const depthMax = 32;
const forbiddenKeys = new Set(['__proto__', 'constructor', 'prototype']);

/** What a file says, or every reason why it cannot be read: `configs/equity.yaml:12: …`. */
export type ParsedYaml = { readonly layer: Layer } | { readonly problems: readonly string[] };

/**
 * Reads a YAML mapping by the core schema: no custom types, no duplicate keys, no keys that reach into prototypes,
 * bounded size, depth and aliases. An empty file is an empty mapping.
 */
export function parseYaml(origin: string, text: string): ParsedYaml {
  if (Buffer.byteLength(text) > yamlBytesMax) {
    return {
      problems: [`${origin}: is ${Buffer.byteLength(text)} bytes long; allowed: at most ${yamlBytesMax}`],
    };
  }
  const counter = new LineCounter();
  const tooDeep = nestedTooDeeply(text);
  if (tooDeep) return { problems: [`${origin}:${tooDeep}: nested more than ${depthMax} levels deep`] };
  const document = parseDocument(text, {
    schema: 'core',
    version: '1.2',
    uniqueKeys: true,
    lineCounter: counter,
    prettyErrors: false,
  });
  const at = (offset: number): string => `${origin}:${counter.linePos(offset).line}`;

  const problems = [...document.errors, ...document.warnings].map(
    (error) => `${at(error.pos[0])}: ${sentenceOf(error)}`,
  );
  const lines = new Map<string, number>();
  visit(document, {
    Pair(_, pair, ancestors) {
      if (!isScalar(pair.key)) return;
      const key = String(pair.key.value);
      const offset = pair.key.range?.[0] ?? 0;
      if (forbiddenKeys.has(key)) problems.push(`${at(offset)}: the key "${key}" is not allowed`);
      const path = ancestors.flatMap((node) =>
        'key' in node && isScalar(node.key) ? [String(node.key.value)] : [],
      );
      lines.set([...path, key].join('.'), counter.linePos(offset).line);
    },
  });
  if (problems.length > 0) return { problems };

  if (document.contents !== null && !isMap(document.contents)) {
    const found = isCollection(document.contents) ? 'a list' : 'a single value';
    return { problems: [`${origin}: is ${found}; expected settings as "key: value"`] };
  }
  try {
    const settings: unknown = document.toJS({ maxAliasCount: aliasesMax }) ?? {};
    return { layer: { origin, settings: isSettings(settings) ? settings : {}, lines } };
  } catch (error) {
    return { problems: [`${origin}: ${String(error).replace(/^\w*Error: /, '')}`] };
  }
}

/** One value as YAML reads it: `2` is a number, `[NSE:INFY]` a list, `true` a boolean. Text that is no YAML stays text. */
export function parseValue(text: string): unknown {
  if (text.length > 10_000 || nestedTooDeeply(text)) return text;
  try {
    return parse(text, { schema: 'core', uniqueKeys: true, maxAliasCount: aliasesMax }) ?? text;
  } catch {
    // The schema then says what is expected in its place, and shows this text.
    return text;
  }
}

function sentenceOf(error: YAMLError): string {
  const message = error.message.split('\n')[0] ?? error.message;
  return error.code === 'DUPLICATE_KEY' ? 'the same key stands here a second time' : message;
}

/** First line on which flow brackets nest deeper than a configuration ever does; the parser itself recurses without a limit. */
function nestedTooDeeply(text: string): number | undefined {
  let depth = 0;
  let line = 1;
  for (const letter of text) {
    if (letter === '\n') line++;
    else if (letter === '[' || letter === '{') depth++;
    else if (letter === ']' || letter === '}') depth = Math.max(0, depth - 1);
    if (depth > depthMax) return line;
  }
  return undefined;
}
