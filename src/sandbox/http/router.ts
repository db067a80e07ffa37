import { KiteRefusal, type Route } from './route.ts';

export interface Found<Each> {
  readonly route: Each;
  readonly path: Readonly<Record<string, string>>;
}

interface Pattern<Each> {
  readonly route: Each;
  readonly parts: readonly string[];
  /** Parts that are not parameters; the more, the closer the fit. */
  readonly fixed: number;
}

/**
 * Finds the route of a request. A fixed part beats a parameter: `/gtt/triggers` is not an order of a variety.
 *
 * @throws KiteRefusal 404 when no path fits, 405 when one does under other methods
 */
export function createRouter<Each extends Pick<Route, 'method' | 'path'>>(
  routes: readonly Each[],
): (method: string, path: string) => Found<Each> {
  const patterns = routes.map((route): Pattern<Each> => {
    const parts = partsOf(route.path);
    return { route, parts, fixed: parts.filter((part) => !part.startsWith(':')).length };
  });
  return (method, path) => {
    const parts = partsOf(path);
    const fitting = patterns
      .filter((pattern) => fits(pattern.parts, parts))
      .sort((a, b) => b.fixed - a.fixed);
    const best = fitting.find(({ route }) => route.method === method);
    if (best) return { route: best.route, path: namedParts(best.parts, parts) };
    if (fitting.length > 0) throw new KiteRefusal('GeneralException', 'Method not allowed', 405);
    throw new KiteRefusal('GeneralException', 'Route not found', 404);
  };
}

function partsOf(path: string): string[] {
  return path.split('/').filter((part) => part !== '');
}

function fits(pattern: readonly string[], parts: readonly string[]): boolean {
  return (
    pattern.length === parts.length &&
    pattern.every((part, place) => part.startsWith(':') || part === parts[place])
  );
}

function namedParts(pattern: readonly string[], parts: readonly string[]): Record<string, string> {
  const named: Record<string, string> = {};
  for (const [place, part] of pattern.entries()) {
    if (part.startsWith(':')) named[part.slice(1)] = decoded(parts[place]);
  }
  return named;
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw new KiteRefusal('InputException', 'The path is not encoded as a URL.');
  }
}
