import { LEG_MACHINES, type Leg } from './leg.ts';
import { type Order, orderMachine } from './order.ts';

/** Nothing will happen to it any more: it may be removed when its time is over. */
export const orderOver = ({ state }: Order): boolean => orderMachine.final(state);

export const legOver = ({ kind, state }: Leg): boolean =>
  LEG_MACHINES[kind].final(state) || state === 'delivered' || state === 'rejected' || state === 'shipped';

export const caseOver = ({ state }: { state: string }): boolean => state === 'closed' || state === 'cancelled';
