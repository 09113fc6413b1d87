export * from './describe-connector.ts';
export * from './raw-server.ts';
export * from './sandbox.ts';
