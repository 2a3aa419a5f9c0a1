/** What the host calls. */
export { runAxial } from './axial-step';
export { copyRows, joinBits } from './bits';
export { countChannels, runIdentity, runPatchEmbedding } from './lane-steps';
export { countSpikes, largestNumber, leastNumber } from './measure';
export { runRows } from './rows-step';
