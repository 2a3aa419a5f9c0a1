/** Runs the steps of a loaded program on one image. */
import { tokenCount } from '../../layer-list.js';
import type { LoadedLayer, LoadedProgram } from './load-program.js';
import { bitBytes, bitRow, numberRow } from './maps.js';
import type { JoinBitsStep, JoinNumbersStep } from './program.js';
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

function joinBits({ memory }: LoadedProgram, { parts, map }: JoinBitsStep): void {
  memory.bytes(map.address, bitBytes(map)).fill(0);
  let offset = 0;
  const rows = map.timesteps * tokenCount(map);
  for (const part of parts) {
    memory.kernels.joinBits(part.address, bitRow(part), part.channels, map.address, bitRow(map), offset, rows);
    offset += part.channels;
  }
}

function joinNumbers({ memory }: LoadedProgram, { parts, current }: JoinNumbersStep): void {
  let to = current.address;
  const rows = current.timesteps * tokenCount(current);
  for (const { current: part } of parts) {
    const bytes = 4 * part!.channels;
    memory.kernels.copyRows(part!.address, numberRow(part!), bytes, to, numberRow(current), rows);
    to += bytes;
  }
}

/** Runs one layer with everything that follows it up to its spikes. @param isCounting also counts the rows added. */
function runLayer({ memory, pixels }: LoadedProgram, loaded: LoadedLayer, isCounting: boolean, watch: Watch): void {
  const { step, record, address, counts, rows } = loaded;
  const { kernels } = memory;
  const fields = memory.integers(address, RECORD_LENGTH);
  fields[COUNTS] = isCounting ? counts : 0;
  fields[CURRENT] = step.current === null ? watch.currents : record.current;
  fields[MEMBRANES] = watch.membranes;
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
    else if (step.kind === 'join-numbers') joinNumbers(program, step);
    else {
      const loaded = program.layers.get(step)!;
      runLayer(program, loaded, isCounting, watch);
      onLayer(loaded);
    }
  }
}
