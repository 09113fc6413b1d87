export { defineJob, type Enqueue, type JobContext, type JobDefinition } from './define-job.ts';
export { openQueues, type QueueOptions, type Queues, realDelay, startWorkers } from './queue.ts';
