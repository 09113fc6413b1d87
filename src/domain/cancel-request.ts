import { idOf } from './ids.ts';
import type { CancelRequest, Taken } from './order.ts';

/** The units of a request as they are taken off the order. */
export const takenBy = (orderId: string, request: Pick<CancelRequest, 'id' | 'lines'>): Taken[] =>
  request.lines.map(({ lineId, quantity }) => ({
    id: idOf('tk', orderId, 'cancel', request.id, lineId),
    why: 'cancel',
    lineId,
    quantity,
    settled: false,
  }));
