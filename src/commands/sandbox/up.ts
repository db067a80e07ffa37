import type { OpenContext } from '../../app/open-context.ts';
import type { SandboxStarted } from '../../reports/sandbox-text.ts';
import { AlgoCommand, Flags } from '../base-command.ts';

export default class SandboxUp extends AlgoCommand<SandboxStarted> {
  static override summary = "an exchange and a broker on this computer that speak Kite's protocol";
  static override description =
    `Plays a stored day, or the invented market, as if it were live: login, instruments, quotes, candles, orders, ticker.
Runs until Ctrl-C or "algo sandbox down". A Kite program in any language works with it once its root URL is changed.`;
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --date 2026-06-04 --at 14:30 --speed 60x',
    '<%= config.bin %> <%= command.id %> --restrict edis --restrict ban=SBIN,TCS',
    '<%= config.bin %> <%= command.id %> --port 8080 --accounts AB1234,CD5678 --paused',
  ];
  static override flags = {
    port: Flags.integer({
      default: 0,
      min: 0,
      max: 65_535,
      description: 'port on loopback; 0 takes a free one',
    }),
    date: Flags.string({
      description: 'day that plays first, YYYY-MM-DD; the newest stored one when left out',
    }),
    at: Flags.string({
      description: 'India time at which its clock begins, HH:MM; the opening when left out',
    }),
    speed: Flags.string({ default: '1x', description: 'times as fast as life, such as 60x' }),
    paused: Flags.boolean({ default: false, description: 'the clock stands until it is resumed or stepped' }),
    seed: Flags.integer({
      default: 1,
      min: 0,
      description: 'whole number; the same seed gives the same prints and faults',
    }),
    accounts: Flags.string({ default: 'SBX001', description: 'client ids, separated by commas' }),
    cash: Flags.integer({
      min: 0,
      max: 10_000_000_000,
      description: 'rupees of every account in each segment; ten lakh when left out',
    }),
    restrict: Flags.string({
      multiple: true,
      description:
        'what the broker refuses besides the usual: ban=SBIN, no-mis=NSE:IDEA, limit=10, mcx=2, edis; repeatable',
    }),
    'static-ip': Flags.string({
      options: ['on', 'off'],
      default: 'off',
      description: 'on refuses orders as if this computer were not on the whitelist of the app',
    }),
    limits: Flags.boolean({
      default: true,
      allowNo: true,
      description: "Kite's limits on requests and orders",
    }),
    'auto-login': Flags.boolean({ default: false, description: 'the login page says yes by itself' }),
    nights: Flags.string({
      options: ['leap', 'run'],
      default: 'leap',
      description:
        'whether the clock leaps from a close to the next stored morning or runs through the night',
    }),
    redirect: Flags.string({
      description: 'where the login page sends the browser; the listener of algo login when left out',
    }),
    prefix: Flags.string({ description: 'stands before every path, such as /oms' }),
    postback: Flags.string({ description: 'address on this computer to which updates of orders are posted' }),
    storm: Flags.integer({
      min: 0,
      description: 'seed of a bad day: about half of all faults from the start, see sandbox fault storm',
    }),
    'request-log': Flags.string({
      description: 'file that gets a line of JSON for each request: when, what, whose, status',
    }),
    until: Flags.string({ description: 'comes down when its clock shows this India time, HH:MM' }),
  };

  protected override readonly severity = 'info';
  #shown = false;

  protected async execute(context: OpenContext): Promise<SandboxStarted> {
    const { flags } = await this.parse(SandboxUp);
    const { sandboxUp } = await import('../../app/sandbox.ts');
    const { untilStopped } = await import('../../app/until-stopped.ts');
    const { down, close, ...started } = await sandboxUp(context, {
      ...flags,
      staticIp: flags['static-ip'] === 'on',
      autoLogin: flags['auto-login'],
      requestLog: flags['request-log'],
      nights: flags.nights === 'run' ? 'run' : 'leap',
    });
    if (this.jsonEnabled()) this.logJson(started);
    else {
      const { sandboxStartedText } = await import('../../reports/sandbox-text.ts');
      process.stdout.write(`${sandboxStartedText(started)}\n`);
    }
    this.#shown = true;
    await untilStopped(down);
    await close();
    return started;
  }

  // The document came when the sandbox could be reached, which is when a script wants it.
  protected override logJson(document: unknown): void {
    if (!this.#shown) super.logJson(document);
  }

  protected text(): string {
    return 'The sandbox is down.';
  }
}
