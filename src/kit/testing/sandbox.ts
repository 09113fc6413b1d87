/** What a sandbox is built of; nothing of it needs a test runner, since the demo and the simulator run the same sandboxes. */
export { type ManualClock, manualClock, systemClock } from '#domain/clock.ts';
export * from './harness.ts';
export * from './sandbox-db.ts';
export * from './sandbox-server.ts';
export * from './sftp-server.ts';
