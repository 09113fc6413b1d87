import type { ModeName } from '#domain/offer.ts';
import { agentOperated } from './agent-operated.ts';
import type { BusinessMode } from './mode.ts';
import { oemDropship } from './oem-dropship.ts';
import { selfProduced } from './self-produced.ts';
import { wholesale } from './wholesale.ts';

export type { Approval, BusinessMode, OfferedLine, Plan, PlannedLeg, Refill, Supply } from './mode.ts';

export { unitsToOrder } from './steps.ts';

/** The four ways of doing business. One cart may mix them; no code outside this folder compares a mode's name. */
export const MODES: { readonly [N in ModeName]: BusinessMode & { readonly name: N } } = {
  wholesale: { ...wholesale, name: 'wholesale' },
  self_produced: { ...selfProduced, name: 'self_produced' },
  agent_operated: { ...agentOperated, name: 'agent_operated' },
  oem_dropship: { ...oemDropship, name: 'oem_dropship' },
};
