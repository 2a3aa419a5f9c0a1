/** The record by which a kernel knows its layer. */

/** Fields in the order of wasm/step.ts, 32 bits each; a test holds the two lists together. */
export const STEP_FIELDS = [
  'segments',
  'segmentCount',
  'inputHeight',
  'inputWidth',
  'kernel',
  'stride',
  'padding',
  'timesteps',
  'outputHeight',
  'outputWidth',
  'outputs',
  'rows',
  'tiles',
  'largeTiles',
  'registers',
  'registerBytes',
  'rowBytes',
  'byteLanes',
  'rowsPerSpill',
  'rowBias',
  'wideSums',
  'tapRows',
  'counts',
  'alignMode',
  'align',
  'rightShift',
  'bias',
  'shortAlign',
  'shortBias',
  'tokenScale',
  'tokenBias',
  'scaleShift',
  'shortTokens',
  'residual',
  'residualRow',
  'residualTime',
  'residualShort',
  'current',
  'currentRow',
  'currentTime',
  'currentShort',
  'theta',
  'thetaStep',
  'smallest',
  'narrow',
  'spikes',
  'spikesRow',
  'spikesTime',
  'membranes',
  'membranesRow',
  'membranesTime',
  'bitTable',
  'lists',
  'listBytes',
  'starts',
  'blockTokens',
  'sums',
  'aligned',
  'state',
] as const;

export type StepRecord = Record<(typeof STEP_FIELDS)[number], number>;

export const STEP_RECORD_BYTES = 4 * STEP_FIELDS.length;

/** The record as the kernels read it. */
export function encodeStep(record: StepRecord): Int32Array {
  return Int32Array.from(STEP_FIELDS, (field) => record[field]);
}
