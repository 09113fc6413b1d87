/** The real time that one property may take, on a machine with much else to do. */
export const PROPERTY_LIMIT_MS = 120_000;
/** The real time that one test or one hook may take: longer than a property, so that the property says itself what was slow. */
export const TEST_LIMIT_MS = 150_000;
/** No limit of real time in a test is shorter than this, unless the test is about the limit. */
export const SHORTEST_LIMIT_MS = 30_000;
/** What a law gets in `npm test`: so many seeds, or so much time, whichever comes first. */
export const SEEDS_IN_TESTS = 20;
export const LAW_LIMIT_IN_TESTS_MS = 40_000;
/** What `npm run laws` runs of each law when nothing else is said. */
export const SEEDS = 1_000;
