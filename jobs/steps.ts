export {
  ConnectionRef,
  CustomerRef,
  IncomingOrderRef,
  LegRef,
  OrderRef,
  ReturnRef,
  ShipmentRef,
  WorkspaceRef,
} from '#domain/job.ts';
