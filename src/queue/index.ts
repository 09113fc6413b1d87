export { defineJob, type Enqueue, type JobContext, type JobDefinition } from './define-job.ts';
export { openQueues, type Queues, realDelay, startWorkers } from './queue.ts';
