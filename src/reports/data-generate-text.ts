import { istText } from '../domain/time.ts';
import type { Screen } from './screen.ts';
import { tableText } from './table.ts';

/** An invented market as it was saved; the document of `algo data generate --json`. */
export interface GeneratedMarket {
  readonly seed: number;
  readonly timeframe: string;
  readonly saved: number;
  /** `from` and `to` are ISO, +05:30. */
  readonly scenario?: string;
  readonly series: readonly {
    symbol: string;
    kind: string;
    bars: number;
    from: string;
    to: string;
    expiry?: string;
    strike?: number;
    lot?: number;
  }[];
  readonly actions?: readonly { key: string; kind: string; ratio: string; exDate: string; factor: number }[];
  readonly circuits?: readonly {
    key: string;
    date: string;
    side: string;
    band: number;
    from: number;
    to: number;
  }[];
  readonly check?: readonly { measure: string; target: string; measured: number }[];
}

/** What was made, and how like NSE it is when that was measured. Options stand in one line an expiry. */
export function dataGenerateText(market: GeneratedMarket, screen: Screen): string {
  const { seed, timeframe, scenario, saved, series, check } = market;
  const scene = scenario ? `, ${scenario} scenario` : '';
  const futures = series.filter(({ kind }) => kind === 'FUT');
  const options = series.filter(isOption);
  const tables = [
    tableText(
      {
        title: `Synthetic market, seed ${seed}, ${timeframe} bars${scene}: invented prices, not real ones`,
        columns: ['symbol', 'kind', 'bars', 'from', 'to'],
        rows: series.filter((one) => one.expiry === undefined).map(rowOf),
        notes: [`${saved} bars are new or changed in the history.`],
      },
      screen,
    ),
    ...(futures.length > 0 ? [futuresTable(futures, screen)] : []),
    ...(options.length > 0 ? [optionsTable(options, screen)] : []),
    ...eventTables(market, screen),
    ...(check ? [likenessTable(check, screen)] : []),
  ];
  return tables.join('\n\n');
}

type Row = GeneratedMarket['series'][number];

function isOption({ kind }: Row): boolean {
  return kind === 'CE' || kind === 'PE';
}

function rowOf({ symbol, kind, bars, from, to }: Row): (string | number)[] {
  return [symbol, kind, bars, minuteOf(from), minuteOf(to)];
}

function futuresTable(futures: readonly Row[], screen: Screen): string {
  return tableText(
    {
      title: 'Futures',
      columns: ['symbol', 'lot', 'expiry', 'bars', 'from', 'to'],
      rows: futures.map(({ symbol, lot = 1, expiry = '', bars, from, to }) => [
        symbol,
        lot,
        expiry,
        bars,
        minuteOf(from),
        minuteOf(to),
      ]),
    },
    screen,
  );
}

function optionsTable(options: readonly Row[], screen: Screen): string {
  const chains = new Map<string, Row[]>();
  for (const option of options) {
    const { expiry = '' } = option;
    chains.set(expiry, [...(chains.get(expiry) ?? []), option]);
  }
  return tableText(
    {
      title: 'Index options, calls and puts',
      columns: ['expiry', 'lot', 'strikes', 'from', 'to', 'bars', 'for example'],
      rows: [...chains].map(([expiry, chain]) => {
        const strikes = [...new Set(chain.map(({ strike = 0 }) => strike))].sort((a, b) => a - b);
        const middle = strikes[strikes.length >> 1];
        const example = chain.find(({ strike }) => strike === middle);
        const bars = chain.reduce((sum, one) => sum + one.bars, 0);
        return [
          expiry,
          chain[0].lot ?? 1,
          strikes.length,
          strikes[0],
          strikes[strikes.length - 1],
          bars,
          example?.symbol ?? '',
        ];
      }),
    },
    screen,
  );
}

function eventTables({ actions, circuits }: GeneratedMarket, screen: Screen): string[] {
  const tables: string[] = [];
  if (actions) {
    tables.push(
      tableText(
        {
          title: 'Corporate actions, in raw prices',
          columns: ['symbol', 'action', 'ratio', 'ex-date', 'factor on earlier prices'],
          rows: actions.map(({ key, kind, ratio, exDate, factor }) => [key, kind, ratio, exDate, factor]),
          empty: 'None within these days.',
        },
        screen,
      ),
    );
  }
  if (circuits) {
    tables.push(
      tableText(
        {
          title: 'Circuit days',
          columns: ['symbol', 'side', 'band', 'locked from', 'to'],
          rows: circuits.map(({ key, side, band, from, to }) => [
            key,
            side,
            `${Math.round(band * 100)} %`,
            istText(from),
            istText(to),
          ]),
          empty: 'None within these days.',
        },
        screen,
      ),
    );
  }
  return tables;
}

function likenessTable(check: NonNullable<GeneratedMarket['check']>, screen: Screen): string {
  return tableText(
    {
      title: 'Likeness to NSE, measured on the one-minute bars',
      columns: ['measure', 'NSE', 'here'],
      rows: check.map(({ measure, target, measured }) => [
        measure,
        target,
        Number.isFinite(measured) ? measured.toFixed(2) : 'n/a',
      ]),
      notes: [
        'NSE: index minutes 2021–2024 and stocks 2021–2024, VIX 2012–2026, F&O of early 2026. A market of few days strays further.',
      ],
    },
    screen,
  );
}

function minuteOf(iso: string): string {
  return iso.slice(0, 16).replace('T', ' ');
}
