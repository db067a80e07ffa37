import { describe, expect, test } from '@jest/globals';
import type { OrderIntent } from '#src/domain/order.ts';
import { dayNumberOf, minuteMs, secondMs } from '#src/domain/time.ts';
import type { AccountView, OrderFacts, RiskRule } from '#src/engine/ports.ts';
import { cooledDown, fewEnoughStops } from '#src/engine/risk/after-stops.ts';
import { affordableAccount, affordableEntry } from '#src/engine/risk/capital.ts';
import { dayTargetNotReached } from '#src/engine/risk/daily-target.ts';
import { drawdownWithin } from '#src/engine/risk/drawdown.ts';
import { noDuplicate } from '#src/engine/risk/duplicate.ts';
import { fewEnoughToday } from '#src/engine/risk/entries-a-day.ts';
import { slowEnough } from '#src/engine/risk/entry-throttle.ts';
import { smallEnoughStrategy, smallEnoughUnderlying } from '#src/engine/risk/exposure.ts';
import { notBanned } from '#src/engine/risk/fno-ban.ts';
import { fewEnoughEntries } from '#src/engine/risk/max-open-entries.ts';
import { smallEnoughQuantity, smallEnoughValue } from '#src/engine/risk/max-order.ts';
import { withinCollar } from '#src/engine/risk/price-collar.ts';
import { riskRules } from '#src/engine/risk/rules.ts';
import { future, share } from '../../support/india.ts';
import { noRiskLimits } from '../../support/plain-rules.ts';

const now = 1_000 * minuteMs;
const order: OrderIntent = {
  id: 7,
  strategy: 'idea',
  key: share.key,
  side: 'BUY',
  role: 'entry',
  type: 'LIMIT',
  product: 'MIS',
  validity: 'DAY',
  quantity: 10,
  price: 100,
  trigger: Number.NaN,
  decided: Number.NaN,
  time: now,
};
const account: AccountView = {
  equityPaise: 100_000_00,
  dayStartEquityPaise: 100_000_00,
  dayPeakEquityPaise: 100_000_00,
  peakEquityPaise: 100_000_00,
  availablePaise: 100_000_00,
  openPositions: 0,
  deployedPaise: 0,
};
const own = { entryTime: -1, entrySide: 'SELL', entryQuantity: 0, stopTime: -1 } as const;
const book = {
  openEntries: () => 0,
  entriesOn: () => 0,
  strategyPaise: () => 0,
  underlyingPaise: () => 0,
  crowdedSince: -1,
  stoppedSince: -1,
};
const facts: OrderFacts = {
  instrument: share,
  dayNumber: dayNumberOf('2026-11-25'),
  referencePrice: 100,
  previousClose: 100,
  lotSize: 1,
  freezeQuantity: 1_000,
  marginPaise: 200_00,
  chargesPaise: 0,
  cutOffMinute: 920,
  minute: 600,
  opensPosition: true,
  heldQuantity: 0,
  lastPrice: 100,
  own,
  book,
};

interface Case {
  readonly order?: Partial<OrderIntent>;
  readonly facts?: Partial<OrderFacts>;
  readonly account?: Partial<AccountView>;
}

/** What a rule allows, what it allows at the limit, and what it refuses with which words. */
function rule(one: RiskRule, cases: { allows: Case; limit: Case; denies: Case; why: string }): void {
  describe(one.code, () => {
    const given = (c: Case) =>
      [
        { ...order, ...c.order },
        { ...facts, ...c.facts },
        { ...account, ...c.account },
      ] as const;
    test('allows', () => expect(one.allows(...given(cases.allows))).toBe(true));
    test('allows at the limit', () => expect(one.allows(...given(cases.limit))).toBe(true));
    test('denies, and says why', () => {
      expect(one.allows(...given(cases.denies))).toBe(false);
      expect(one.why(...given(cases.denies))).toBe(cases.why);
    });
    test('is not asked about exits', () => expect(one.entriesOnly).toBe(true));
  });
}

rule(smallEnoughQuantity(10), {
  allows: { order: { quantity: 1 } },
  limit: {},
  denies: { order: { quantity: 11 } },
  why: 'BUY 11 NSE:INFY is more than risk.maxOrderQuantity 10.',
});

rule(smallEnoughValue(1_000), {
  allows: { order: { quantity: 1 } },
  limit: {},
  denies: { facts: { referencePrice: 100.05 } },
  why: 'BUY 10 NSE:INFY at 100.05 is worth ₹1,000.50, more than risk.maxOrderValue ₹1,000.00.',
});

rule(withinCollar(2), {
  allows: {},
  limit: { facts: { referencePrice: 98 } },
  denies: { facts: { referencePrice: 102.05 } },
  why: 'Price 102.05 of NSE:INFY is 2.05 % away from the newest price 100; risk.priceCollarPercent is 2.',
});

const sent = (secondsAgo: number) => ({
  own: { ...own, entryTime: now - secondsAgo * secondMs, entrySide: 'BUY' as const, entryQuantity: 10 },
});
rule(noDuplicate(30), {
  allows: { order: { quantity: 11 }, facts: sent(5) },
  limit: { facts: sent(30) },
  denies: { facts: sent(29) },
  why: 'BUY 10 NSE:INFY was sent by idea 29 s ago; risk.duplicateSeconds is 30.',
});

rule(fewEnoughEntries(3), {
  allows: {},
  limit: { facts: { book: { ...book, openEntries: () => 2 } } },
  denies: { facts: { book: { ...book, openEntries: () => 3 } } },
  why: 'BUY 10 NSE:INFY would be entry 4 that is open; risk.maxOpenEntries is 3.',
});

rule(affordableEntry(200), {
  allows: { facts: { marginPaise: 100_00 } },
  limit: {},
  denies: { facts: { marginPaise: 200_01 } },
  why: 'BUY 10 NSE:INFY at 100 ties up ₹200.01, more than risk.maxEntryCapital ₹200.00.',
});

rule(affordableAccount(1_000), {
  allows: {},
  limit: { account: { deployedPaise: 800_00 } },
  denies: { account: { deployedPaise: 800_01 } },
  why: 'BUY 10 NSE:INFY ties up ₹200.00 beside ₹800.01 already deployed; risk.maxDeployedCapital is ₹1,000.00.',
});

rule(smallEnoughUnderlying(20), {
  allows: {},
  limit: { facts: { book: { ...book, underlyingPaise: () => 19_000_00 } } },
  denies: { facts: { book: { ...book, underlyingPaise: () => 19_000_01 } } },
  why: 'BUY 10 NSE:INFY adds ₹1,000.00 to ₹19,000.01 of INFY, more than 20 % of ₹1,00,000.00 (risk.maxUnderlyingPercent).',
});

rule(smallEnoughStrategy(20), {
  allows: {},
  limit: { facts: { book: { ...book, strategyPaise: () => 19_000_00 } } },
  denies: { facts: { book: { ...book, strategyPaise: () => 19_000_01 } } },
  why: 'BUY 10 NSE:INFY adds ₹1,000.00 to ₹19,000.01 of idea, more than 20 % of ₹1,00,000.00 (risk.maxStrategyPercent).',
});

rule(dayTargetNotReached(3), {
  allows: {},
  limit: { account: { dayPeakEquityPaise: 102_999_99 } },
  denies: { account: { dayPeakEquityPaise: 103_000_00 } },
  why: 'No entry in NSE:INFY: the day was ₹3,000.00 ahead of ₹1,00,000.00, and risk.dailyTargetPercent is 3.',
});

rule(drawdownWithin(10), {
  allows: {},
  limit: { account: { equityPaise: 90_000_01 } },
  denies: { account: { equityPaise: 90_000_00 } },
  why: 'No entry in NSE:INFY: the account is ₹10,000.00 below its peak of ₹1,00,000.00, and risk.maxDrawdownPercent is 10.',
});

rule(cooledDown(15), {
  allows: {},
  limit: { facts: { own: { ...own, stopTime: now - 15 * minuteMs } } },
  denies: { facts: { own: { ...own, stopTime: now - 14.5 * minuteMs } } },
  why: 'No entry in NSE:INFY: idea was stopped out of it 14.5 minutes ago, and risk.cooldownMinutes is 15.',
});

rule(fewEnoughStops(3, 60), {
  allows: {},
  limit: { facts: { book: { ...book, stoppedSince: now - 60 * minuteMs } } },
  denies: { facts: { book: { ...book, stoppedSince: now - 59 * minuteMs } } },
  why: 'No entry in NSE:INFY: 3 stops closed at a loss within the last 60 minutes (risk.stopGuardStops, risk.stopGuardMinutes).',
});

rule(slowEnough(4), {
  allows: {},
  limit: { facts: { book: { ...book, crowdedSince: now - minuteMs } } },
  denies: { facts: { book: { ...book, crowdedSince: now - minuteMs + 1 } } },
  why: 'No entry in NSE:INFY: 4 were sent within the last minute, and risk.maxEntriesPerMinute is 4.',
});

for (const [key, whose] of [
  ['maxEntriesPerDay', ''],
  ['maxStrategyEntriesPerDay', ' by idea'],
  ['maxInstrumentEntriesPerDay', ' in it'],
] as const) {
  rule(fewEnoughToday(key, 5), {
    allows: {},
    limit: { facts: { book: { ...book, entriesOn: () => 4 } } },
    denies: { facts: { book: { ...book, entriesOn: () => 5 } } },
    why: `No entry in NSE:INFY: 5 were made today${whose}, and risk.${key} is 5.`,
  });
}

const nifty = future('RBLBANK', '2026-11-26');
const bans = {
  hash: '',
  has: (underlying: string, day: number) => underlying === 'RBLBANK' && day === dayNumberOf('2026-11-25'),
};
rule(notBanned(bans), {
  allows: { facts: { instrument: { ...share, tradingsymbol: 'RBLBANK' } } },
  limit: { order: { key: nifty.key }, facts: { instrument: nifty, dayNumber: dayNumberOf('2026-11-26') } },
  denies: { order: { key: nifty.key }, facts: { instrument: nifty } },
  why: 'No entry in NFO:RBLBANKFUT: RBLBANK is in the F&O ban period on 2026-11-25 (imported ban list).',
});

test('a limit that is off has no rule', () => {
  const plain = riskRules(noRiskLimits).map(({ code }) => code);
  expect(riskRules({ ...noRiskLimits, maxOrderValue: 'none' }).map(({ code }) => code)).toEqual(plain);
  expect(riskRules({ ...noRiskLimits, maxOrderValue: 5 }).map(({ code }) => code)).toContain(
    'RISK_ORDER_VALUE',
  );
});
