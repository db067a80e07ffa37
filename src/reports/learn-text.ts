import { istText } from '../domain/time.ts';
import { countText, percentText, ratioText } from './format.ts';
import type { EvidenceRow, FindingRow, LearnDocument, TrialDocument, TrialRow } from './learn-json.ts';
import { bold, type Screen } from './screen.ts';
import { tableText } from './table.ts';

const tradesShown = 5;

/** A study as a trader reads it: how trades were made, what mattered, what is proposed and on what evidence. */
export function learnText(document: LearnDocument, screen: Screen): string {
  return [
    headOf(document, screen),
    scoreTable(document, screen),
    worstTrades(document, screen),
    holdingTable(document, screen),
    ...findingsOf(document, screen),
    proposalsText(document, screen),
    ...trialOf(document, screen),
    ...(document.notes.length > 0 ? [document.notes.join('\n')] : []),
  ].join('\n\n');
}

function headOf(document: LearnDocument, screen: Screen): string {
  const { study, run, trades, trainingTrades, heldOutTrades, leftOut, split, tested } = document;
  return [
    bold(`Study ${study} of ${run.sessions ?? `run ${run.id}`}`, screen),
    ...(run.synthetic ? ['Synthetic prices, not real.'] : []),
    `${countText(trades)} trades: ${countText(trainingTrades)} entered before ${istText(Date.parse(split))} were learnt from, ` +
      `${countText(heldOutTrades)} after it were held out${leftOut > 0 ? `, ${countText(leftOut)} that were open then are in neither` : ''}.`,
    `${countText(tested)} conditions had days enough to be tested; seed ${document.seed}.`,
  ].join('\n');
}

function scoreTable({ scores }: LearnDocument, screen: Screen): string {
  return tableText(
    {
      title: 'How trades were made, 0 to 1',
      columns: ['strategy', 'trades', 'setup', 'timing', 'exit', 'cost', 'all'],
      rows: scores.map(({ strategy, trades, setup, timing, exit, cost, total }) => [
        strategy,
        countText(trades),
        ...[setup, timing, exit, cost, total].map(score),
      ]),
    },
    screen,
  );
}

function worstTrades({ tradeScores, run }: LearnDocument, screen: Screen): string {
  const rows = [...tradeScores]
    .sort((a, b) => (a.total ?? 1) - (b.total ?? 1) || a.id - b.id)
    .slice(0, tradesShown)
    .map(({ strategy, instrument, entryTime, net, setup, timing, exit, cost, total }) => [
      istText(Date.parse(entryTime)),
      instrument,
      strategy,
      net,
      ...[setup, timing, exit, cost, total].map(score),
    ]);
  return tableText(
    {
      title: 'The worst made',
      columns: [
        'entry',
        'instrument',
        { title: 'strategy', optional: true },
        'net ₹',
        'setup',
        'timing',
        'exit',
        'cost',
        'all',
      ],
      rows,
      notes: [
        `algo why <instrument> "<entry>" ${run.sessions === undefined ? `--run ${run.id}` : '--stream <stream>'} shows how one of them came about.`,
      ],
    },
    screen,
  );
}

function holdingTable({ holding }: LearnDocument, screen: Screen): string {
  return tableText(
    {
      title: 'By how long they were held',
      columns: ['strategy', 'held', 'trades', 'net ₹', 'mean'],
      rows: holding.map(({ strategy, held, trades, net, meanPercent }) => [
        strategy,
        held,
        countText(trades),
        net,
        percentText(meanPercent),
      ]),
      notes: ['Known only afterwards, and stops make short trades lose on noise too: told, not tested.'],
    },
    screen,
  );
}

function findingsOf({ findings, rules }: LearnDocument, screen: Screen): readonly string[] {
  if (findings.length === 0) return ['No condition made a difference that chance would not make.'];
  return [
    tableText(
      {
        title: 'Conditions that made a difference',
        columns: ['strategy', 'condition', 'so it', 'learnt from', 'q', 'held out', 'p', 'verdict'],
        rows: findings.map((finding) => [
          finding.strategy,
          conditionText(finding),
          finding.effect,
          evidence(finding.training.inside),
          chance(finding.q),
          evidence(finding.heldOut.inside),
          finding.p === null ? 'n/a' : chance(finding.p),
          finding.verdict,
        ]),
        notes: [
          'Mean of the days in percent of the entries, with its 95 % interval and the number of days.',
          `q: chance of a false discovery (Benjamini and Hochberg, up to ${rules.falseDiscoveryRate}); p: chance on the held-out trades (Holm, up to ${rules.heldOutLevel}).`,
        ],
      },
      screen,
    ),
  ];
}

function conditionText({ feature, label }: FindingRow): string {
  return feature === 'strategy' ? 'against the others' : `${feature} ${label}`;
}

function evidence({ meanPercent, lowPercent, highPercent, days }: EvidenceRow): string {
  if (meanPercent === null || lowPercent === null || highPercent === null) return `n/a, ${days} days`;
  return `${percentText(meanPercent)} [${percentText(lowPercent)}, ${percentText(highPercent)}], ${countText(days)} days`;
}

function proposalsText({ proposals, study }: LearnDocument, screen: Screen): string {
  if (proposals.length === 0)
    return 'Nothing is proposed: no condition bled both where it was learnt and where it was held out, and could be set.';
  return [
    bold('Proposed', screen),
    ...proposals.map(
      ({ what, heldOutNet, heldOutTrades }) =>
        `- ${what}: ${countText(heldOutTrades)} held-out trades came to ₹${heldOutNet}.`,
    ),
    '',
    proposalYaml(proposals),
    '',
    `Nothing has been changed. See and write it with: algo learn apply ${study}`,
  ].join('\n');
}

function trialOf({ trial, proposals, run }: LearnDocument, screen: Screen): readonly string[] {
  if (trial) return [trialText(trial, screen)];
  if (run.sessions === undefined || proposals.length === 0) return [];
  return [
    'What sessions would have done with it nobody can say: run a backtest of such days and learn from that.',
  ];
}

/** The held-out part without the proposals and with them. */
export function trialText({ days, before, after, difference }: TrialDocument, screen: Screen): string {
  const day = ({ dayMean, dayLow, dayHigh }: TrialDocument['difference']) =>
    `${dayMean} [${dayLow}, ${dayHigh}]`;
  const side = (name: string, row: TrialRow) => [
    ...[name, countText(row.trades), row.net, row.drawdown],
    day(row),
  ];
  return tableText(
    {
      title: `The held-out part run again, ${countText(days)} days`,
      columns: ['', 'trades', 'net ₹', 'drawdown ₹', '₹ a day'],
      rows: [side('as it was', before), side('with it', after), ['difference', '', '', '', day(difference)]],
      notes: ['With 95 % intervals. These days chose what is proposed and flatter it; days to come decide.'],
    },
    screen,
  );
}

/** The settings as they would stand in a file. */
function proposalYaml(proposals: LearnDocument['proposals']): string {
  const byStrategy = new Map<string, Record<string, unknown>>();
  for (const { strategy, settings } of proposals)
    byStrategy.set(strategy, { ...byStrategy.get(strategy), ...settings });
  return [
    'strategies:',
    ...[...byStrategy].flatMap(([strategy, settings]) => [
      `  ${strategy}:`,
      ...Object.entries(settings).map(([key, value]) => `    ${key}: ${JSON.stringify(value)}`),
    ]),
  ].join('\n');
}

function score(value: number | null): string {
  return value === null ? 'n/a' : ratioText(value);
}

function chance(value: number): string {
  return value < 0.001 ? '<0.001' : value.toFixed(3);
}
