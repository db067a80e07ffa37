import { minuteMs } from '../../domain/time.ts';
import type { RiskRule } from '../ports.ts';

/** After a protective stop has closed at a loss, its strategy leaves the instrument alone for a while. */
export function cooledDown(cooldownMinutes: number): RiskRule {
  return {
    code: 'RISK_COOLDOWN',
    entriesOnly: true,
    allows: (order, { own }) => order.time - own.stopTime >= cooldownMinutes * minuteMs,
    why: (order, { own }) =>
      `No entry in ${order.key}: ${order.strategy} was stopped out of it ${((order.time - own.stopTime) / minuteMs).toFixed(1)} minutes ago, ` +
      `and risk.cooldownMinutes is ${cooldownMinutes}.`,
  };
}

/** When so many stops have closed at a loss within so many minutes, on whatever instruments, the market is not ours: nothing new. */
export function fewEnoughStops(stops: number, minutes: number): RiskRule {
  return {
    code: 'RISK_STOP_GUARD',
    entriesOnly: true,
    allows: (order, { book }) => order.time - book.stoppedSince >= minutes * minuteMs,
    why: (order) =>
      `No entry in ${order.key}: ${stops} stops closed at a loss within the last ${minutes} minutes ` +
      '(risk.stopGuardStops, risk.stopGuardMinutes).',
  };
}
