import { catalogue } from '../../indicators/catalogue.ts';
import { type Node, type NumberNode, nodesOf } from './expression.ts';

/** A number of an expression as a column's title: `rsi14`, `sma(volume, 20)`, `day.close`, `close[1]`. */
export function textOf(node: Node): string {
  switch (node.kind) {
    case 'number':
      return `${node.value}`;
    case 'price':
      return `${framed(node)}${node.price}`;
    case 'oi':
      return `${framed(node)}oi`;
    case 'session':
      return `${framed(node)}${node.name}${node.bars > 0 ? `(${node.bars})` : ''}`;
    case 'indicator':
      return `${framed(node)}${indicatorText(node)}`;
    case 'ago':
      return `${textOf(node.of)}[${node.bars}]`;
    case 'rank':
      return `rank(${textOf(node.of)})`;
    case 'apply':
      return `${node.name}(${node.of.map(textOf).join(', ')})`;
    case 'arithmetic':
      if (node.operator === '-' && node.left.kind === 'number' && node.left.value === 0)
        return `-${part(node.right)}`;
      return `${part(node.left)} ${node.operator} ${part(node.right)}`;
    case 'count':
      return `count(${textOf(node.of)}, ${node.bars})`;
    case 'compare':
      if (node.left.kind === 'count' && node.operator === '>=' && node.right.kind === 'number') {
        const { of, bars } = node.left;
        if (node.right.value === 1) return `any(${textOf(of)}, ${bars})`;
        if (node.right.value === bars) return `all(${textOf(of)}, ${bars})`;
      }
      return `${textOf(node.left)} ${node.operator} ${textOf(node.right)}`;
    case 'crosses':
      return `${textOf(node.left)} crosses ${node.up ? 'above' : 'below'} ${textOf(node.right)}`;
    case 'logic':
      return `(${textOf(node.left)} ${node.operator} ${textOf(node.right)})`;
    case 'not':
      return `not ${textOf(node.of)}`;
    case 'pattern':
      return `${framed(node)}pattern(${node.name})`;
  }
}

/** What a hit is worth showing with: each number that is compared, once, without plain numbers. */
export function shownNumbers(node: Node): readonly NumberNode[] {
  const shown = new Map<string, NumberNode>();
  for (const each of nodesOf(node)) {
    if (each.kind !== 'compare' && each.kind !== 'crosses') continue;
    for (const side of [each.left, each.right]) {
      const known = [...nodesOf(side)].some(
        (inner) => inner.kind !== 'number' && inner.kind !== 'arithmetic',
      );
      if (known) shown.set(textOf(side), side);
    }
  }
  return [...shown.values()];
}

function framed({ frame }: { readonly frame: string | undefined }): string {
  return frame === undefined ? '' : `${frame}.`;
}

function part(node: Node): string {
  return node.kind === 'arithmetic' ? `(${textOf(node)})` : textOf(node);
}

function indicatorText({ name, sources, inputs, line }: Extract<Node, { kind: 'indicator' }>): string {
  const lines = Object.keys(catalogue[name].warmUp);
  const suffix = lines.length > 1 ? `.${line}` : '';
  const [source, ...more] = sources;
  const onClose =
    more.length === 0 && (source === undefined || (source.kind === 'price' && source.price === 'close'));
  if (onClose && inputs.length === 1) return `${name}${inputs[0]}${suffix}`;
  // Within a call its own timeframe goes without saying.
  const given = [
    ...sources.map((each) => ('frame' in each ? textOf({ ...each, frame: undefined }) : textOf(each))),
    ...inputs,
  ];
  const all = onClose && inputs.length === 0 ? [] : given;
  return `${name}${all.length > 0 ? `(${all.join(', ')})` : ''}${suffix}`;
}
