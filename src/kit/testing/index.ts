export * from './describe-connector.ts';
export * from './sandbox.ts';
