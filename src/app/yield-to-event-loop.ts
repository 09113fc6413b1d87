/** How long one piece of work goes on before others have their turn: with a collection of garbage in it some 20 ms. */
const SLICE_MS = 4;

/** The clock that slices are measured with, and how others get their turn. */
export interface EventLoop {
  nowMs(): number;
  rest(): Promise<void>;
}

const processEventLoop: EventLoop = {
  nowMs: () => performance.now(),
  rest: () => new Promise((resolve) => setImmediate(resolve)),
};

/**
 * What `steps` come to, done in slices of some 4 ms between which everything else that waits in this process is done. A
 * slice is longer only by the step it ends with; each step has to be a matter of a few milliseconds.
 */
export const yieldToEventLoop = async <R>(
  steps: Generator<undefined, R>,
  { nowMs, rest }: EventLoop = processEventLoop,
): Promise<R> => {
  let until = nowMs() + SLICE_MS;
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
    if (nowMs() < until) continue;
    await rest();
    until = nowMs() + SLICE_MS;
  }
};
