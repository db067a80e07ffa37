import type { OrderIntent } from '../domain/order.ts';
import { istText } from '../domain/time.ts';
import { type Stage, stages, type Turn, type TurnStep } from '../domain/turn.ts';
import { reasonText, stageOf } from '../domain/turn-reason.ts';
import { countText, priceText } from './format.ts';

/** One link of the chain from a signal to the broker. */
export interface ChainLink {
  readonly stage: Stage;
  /** `passed`, or where the decision ended. */
  readonly outcome: 'passed' | 'ended';
  readonly text: string;
}

/**
 * What a strategy decided on a bar, stage by stage as far as it got. Where no order was wanted the chain has one link, which says
 * what kept it from a signal.
 */
export function chainOf(turn: Turn): readonly ChainLink[] {
  const steps = [...turn.during.filter(isOwn), ...turn.decision];
  const links = steps.flatMap(linksOf).sort((a, b) => stages.indexOf(a.stage) - stages.indexOf(b.stage));
  if (links.length > 0) return links;
  return [{ stage: stageOf(turn.reason), outcome: 'ended', text: reasonText(turn.reason) }];
}

/** Of what happened inside a bar, only what the strategy itself wanted: an entry on a fill, or its refusal. */
function isOwn(step: TurnStep): boolean {
  return step.type === 'refused' || (step.type === 'order' && step.order.role === 'entry');
}

function linksOf(step: TurnStep): readonly ChainLink[] {
  switch (step.type) {
    case 'refused':
      return [
        ...before(step.code),
        { stage: stageOf(step.code), outcome: 'ended', text: `${step.code}: ${step.why}` },
      ];
    case 'order':
      return [
        { stage: 'signal', outcome: 'passed', text: signalText(step.order) },
        { stage: 'sizing', outcome: 'passed', text: `${countText(step.order.quantity)} units` },
        { stage: 'gatekeeper', outcome: 'passed', text: 'approved' },
        { stage: 'broker', outcome: 'passed', text: `${orderText(step.order)} sent` },
      ];
    case 'event':
      return [{ stage: 'broker', outcome: 'passed', text: stepText(step) }];
    default:
      return step satisfies never;
  }
}

/** The links that a refused signal had behind it. */
function before(code: string): readonly ChainLink[] {
  const stage = stageOf(code);
  const passed = (name: Stage, text: string): ChainLink => ({ stage: name, outcome: 'passed', text });
  if (stage === 'sizing') return [passed('signal', 'an entry was wanted')];
  if (stage === 'gatekeeper') return [passed('signal', 'an order was wanted'), passed('sizing', 'sized')];
  return [];
}

function signalText({ role, side }: OrderIntent): string {
  return role === 'entry' ? `${side}, an entry` : `${side}, an exit: ${role}`;
}

/** `order 12 SELL 25 SL-M, trigger 98.50`. */
function orderText({ id, side, quantity, type, price, trigger }: OrderIntent): string {
  const prices = [
    ...(Number.isNaN(price) ? [] : [`limit ${priceText(price)}`]),
    ...(Number.isNaN(trigger) ? [] : [`trigger ${priceText(trigger)}`]),
  ];
  return [`order ${id} ${side} ${countText(quantity)} ${type}`, ...prices].join(', ');
}

/** A step in words: `order 12 BUY 25 MARKET filled 25 at 100.05, 2026-10-06 10:45`. */
export function stepText(step: TurnStep): string {
  switch (step.type) {
    case 'refused':
      return `${step.code}: ${step.why}`;
    case 'order':
      return `${orderText(step.order)} sent (${step.order.role})`;
    case 'event': {
      const { order, event } = step;
      return `${orderText(order)} (${order.role}) ${eventText(step)}, ${istText(event.time)}`;
    }
    default:
      return step satisfies never;
  }
}

function eventText({ event }: Extract<TurnStep, { type: 'event' }>): string {
  switch (event.type) {
    case 'filled':
      return `filled ${countText(event.quantity)} at ${priceText(event.price)}`;
    case 'cancelled':
      return `cancelled: ${event.reason}`;
    case 'rejected':
      return `rejected: ${event.reason}`;
    case 'modified':
      return event.trigger === undefined ? 'changed' : `moved to trigger ${priceText(event.trigger)}`;
    case 'accepted':
      return 'accepted';
    case 'unknown':
      return 'got no answer';
    default:
      return event satisfies never;
  }
}
