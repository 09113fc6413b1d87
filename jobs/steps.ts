import { z } from 'zod';

export const OrderRef = z.object({ workspaceId: z.string(), orderId: z.string() });
export const LegRef = z.object({ workspaceId: z.string(), legId: z.string() });
export const ShipmentRef = z.object({ workspaceId: z.string(), shipmentId: z.string() });
export const ReturnRef = z.object({ workspaceId: z.string(), returnId: z.string() });
export const ConnectionRef = z.object({ workspaceId: z.string(), connectionId: z.string() });
export const WorkspaceRef = z.object({ workspaceId: z.string() });
