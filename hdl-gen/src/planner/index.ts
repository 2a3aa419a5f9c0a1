/** The planner: the best plan of a network for a device, found by an exact search. */
export type { Candidate } from './candidate.js';
export type { Figures } from './figures.js';
export * from './fit-plan.js';
export { compareScores, FRAME_RATE_LIMIT, type Goal, type Limit } from './goal.js';
export { lanesFor, planSets } from './plan-sets.js';
export * from './search.js';
export { makeSpace, type PlanSpace, tokenBlocksOf } from './space.js';
