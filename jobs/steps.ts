export {
  ConnectionRef,
  CustomerRef,
  ErasureRef,
  IncomingOrderRef,
  LegRef,
  OrderRef,
  ReturnRef,
  ShipmentRef,
  WorkspaceRef,
} from '#domain/job.ts';
