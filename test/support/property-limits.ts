import fc from 'fast-check';
import { PROPERTY_LIMIT_MS } from '../laws/limits.ts';

/**
 * For every property test: a fixed number of runs, and a limit of real time that is a failure, not an early pass. A busy machine
 * makes a property slower; it never makes it weaker.
 */
fc.configureGlobal({ numRuns: 100, interruptAfterTimeLimit: PROPERTY_LIMIT_MS, markInterruptAsFailure: true });
