/** Runs the steps of a loaded program on one image. */
import { tokenCount } from '../../layer-list.js';
import type { LoadedLayer, LoadedProgram } from './load-program.js';
import { bitBytes, bitRow, numberRow } from './maps.js';
import type { JoinBitsStep, JoinNumbersStep, Value } from './program.js';
import { STEP_FIELDS, STEP_RECORD_BYTES } from './step-record.js';

/** Where a layer writes what only an observer needs; 0: nowhere. */
export interface Watch {
  readonly currents: number;
  readonly membranes: number;
}

export const NO_WATCH: Watch = { currents: 0, membranes: 0 };

const RECORD_LENGTH = STEP_RECORD_BYTES / 4;
const COUNTS = STEP_FIELDS.indexOf('counts');
const CURRENT = STEP_FIELDS.indexOf('current');
const MEMBRANES = STEP_FIELDS.indexOf('membranes');
const CURRENT_SHORT = STEP_FIELDS.indexOf('currentShort');
const RESIDUAL_SHORT = STEP_FIELDS.indexOf('residualShort');

function joinBits({ memory }: LoadedProgram, { parts, map }: JoinBitsStep): void {
  memory.bytes(map.address, bitBytes(map)).fill(0);
  let offset = 0;
  const rows = map.timesteps * tokenCount(map);
  for (const part of parts) {
    memory.kernels.joinBits(part.address, bitRow(part), part.channels, map.address, bitRow(map), offset, rows);
    offset += part.channels;
  }
}

function joinNumbers({ memory }: LoadedProgram, { parts, current }: JoinNumbersStep, isShort: boolean): void {
  let to = current.address;
  const rows = current.timesteps * tokenCount(current);
  const divisor = isShort ? 2 : 1;
  for (const { current: part } of parts) {
    const bytes = (4 * part!.channels) / divisor;
    memory.kernels.copyRows(part!.address, numberRow(part!) / divisor, bytes, to, numberRow(current) / divisor, rows);
    to += bytes;
  }
}

/** Whether the map of a value has 16 bits in this run: what is watched is kept in full. */
function isShort({ shortMaps }: LoadedProgram, value: Value | null, watch: Watch): boolean {
  return watch === NO_WATCH && value !== null && shortMaps.has(value);
}

/** Runs one layer with everything that follows it up to its spikes. @param isCounting also counts the rows added. */
function runLayer(program: LoadedProgram, loaded: LoadedLayer, isCounting: boolean, watch: Watch): void {
  const { memory, pixels } = program;
  const { step, record, address, counts, rows } = loaded;
  const { kernels } = memory;
  const fields = memory.integers(address, RECORD_LENGTH);
  fields[COUNTS] = isCounting ? counts : 0;
  fields[CURRENT] = step.current === null ? watch.currents : record.current;
  fields[MEMBRANES] = watch.membranes;
  fields[CURRENT_SHORT] = isShort(program, step, watch) ? 1 : 0;
  fields[RESIDUAL_SHORT] = isShort(program, step.residual, watch) ? 1 : 0;
  if (isCounting) memory.integers(counts, rows).fill(0);
  const { height, width } = step.layer.output;
  switch (step.layer.kind) {
    case 'patch-embedding':
      kernels.runPatchEmbedding(address, pixels);
      break;
    case 'identity':
      kernels.runIdentity(address);
      break;
    case 'axial-h':
      kernels.runAxial(address, height, width, width, 1);
      break;
    case 'axial-w':
      kernels.runAxial(address, width, 1, height, width);
      break;
    default:
      kernels.runRows(address);
  }
}

/**
 * Runs all steps from reset.
 *
 * @param onLayer called after each layer, while its watched maps are there.
 */
export function execute(
  program: LoadedProgram,
  image: Uint8Array,
  isCounting: boolean,
  watch: Watch,
  onLayer: (loaded: LoadedLayer) => void,
): void {
  program.memory.bytes(program.pixels, image.length).set(image);
  for (const step of program.steps) {
    if (step.kind === 'join-bits') joinBits(program, step);
    else if (step.kind === 'join-numbers') joinNumbers(program, step, isShort(program, step, watch));
    else {
      const loaded = program.layers.get(step)!;
      runLayer(program, loaded, isCounting, watch);
      onLayer(loaded);
    }
  }
}
