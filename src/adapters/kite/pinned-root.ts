import { ConfigError } from '../../domain/errors.ts';

const loopback = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

/**
 * The one server that secrets may go to. Without encryption it has to be this computer.
 * @throws ConfigError CONFIG_KITE_ROOT
 */
export function pinnedRoot(root: string, schemes: { readonly secure: string; readonly plain: string }): URL {
  const url = URL.canParse(root) ? new URL(root) : undefined;
  const scheme = url?.protocol.slice(0, -1);
  const trusted =
    scheme === schemes.secure || (scheme === schemes.plain && loopback.test(url?.hostname ?? ''));
  if (url && trusted && !url.username && !url.password && !url.search && !url.hash) return url;
  throw new ConfigError(
    'CONFIG_KITE_ROOT',
    `The address of Kite was "${root.split(/[?#@]/)[0]}"; secrets are not sent there.`,
    `Use ${schemes.secure}://…, or ${schemes.plain}://127.0.0.1:port for a sandbox on this computer.`,
  );
}
