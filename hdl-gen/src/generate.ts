/** generate(): everything that a build folder holds, in memory. Pure: the same model and plan give the same bytes. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { QuantizedNetwork } from '@spikemill/golden-model';
import { SpikemillError, serializeSafetensors, writeQuantizedFile } from '@spikemill/golden-model';
import {
  type DesignPlan,
  designImages,
  designProgram,
  designStructure,
  planDesign,
  requireDense,
  WEIGHT_STREAM,
} from './design.js';
import { makeCoreFile } from './fusesoc.js';
import { externalImage } from './images/external-weights.js';
import type { MemoryImage } from './images/memory-image.js';
import { weightFrame } from './images/weight-frame.js';
import { describeMemory, MANIFEST_FILE, type Manifest, sha256 } from './manifest.js';
import type { ExternalWeights } from './plan/external-weights.js';
import type { WorkingMemory } from './plan/memories.js';
import { optionalFlags, type PlanOptions } from './plan/options.js';
import { makeSegments } from './segments.js';
import { isIdentifier } from './verilog/check.js';
import { LIBRARY_FOLDER, libraryFiles } from './verilog/library.js';
import { printConstants, printStructure } from './verilog/print.js';
import type { Structure } from './verilog/structure.js';

const VERSION = '0.1.0';
export const GENERATOR = `spikemill ${VERSION}`;
export const DEFAULT_TOP = 'spikemill_accelerator';

export interface Design {
  readonly plan: DesignPlan;
  readonly manifest: Manifest;
  /** Memories that a weight frame fills. */
  readonly loadedMemories: readonly WorkingMemory[];
  /** Contents by path relative to the build folder, forward slashes. */
  readonly files: ReadonlyMap<string, string | Uint8Array>;
}

export interface GenerateOptions extends Partial<PlanOptions> {
  /** Name of the top module and of its file. */
  readonly top?: string;
}

const NETWORK_FILE = 'network.safetensors';
const PLAN_FILE = 'plan.json';
/** Beats of the weight frame of the network, little endian. */
export const WEIGHTS_FILE = 'weights.bin';
/** What external memory must hold. */
export const EXTERNAL_WEIGHTS_FILE = 'weights-external.bin';

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

/** Names of the library's modules. */
const LIBRARY_NAME = /^smx_/;

/** How to make the same build again, for the head of generated files. */
function regenerate(options: PlanOptions, top: string): string {
  const { style, lanes, inputs, neurons, tokenBlock, weights, segments, loopOrder, lane } = options;
  const grid = style === 'event' ? `--style event --lanes ${lanes}` : `--lanes ${lanes} --inputs ${inputs}`;
  const block = `--token-block ${tokenBlock ?? 'all'}`;
  const name = top === DEFAULT_TOP ? '' : ` --top ${top}`;
  // widths have no flag of their own
  const file = weights === 'image' ? '' : ` --plan ${PLAN_FILE}`;
  const parts = segments === 1 ? '' : ` --segments ${segments}`;
  const order = lane === 'table' ? ' --lane table' : loopOrder === 'token' ? '' : ` --loop-order ${loopOrder}`;
  const flags = `${grid} --neurons ${neurons} ${block}${order}${optionalFlags(options)}${file}${parts}${name}`;
  return `spikemill rtl generate ${NETWORK_FILE} -o FOLDER ${flags}`;
}

function describeExternal({
  bytes,
  busBits,
  wordBits,
  beatsPerWord,
  wordsPerBeat,
  words,
}: ExternalWeights): NonNullable<Manifest['externalWeights']> {
  return { file: EXTERNAL_WEIGHTS_FILE, bytes, busBits, wordBits, beatsPerWord, wordsPerBeat, words };
}

function memoryFile(name: string): string {
  return `mem/${name}.mem`;
}

/** Everything that is made of the plan. */
interface Parts {
  /** Generated modules, the top last. */
  readonly structures: readonly Structure[];
  /** Memories that are filled with the design. */
  readonly images: readonly MemoryImage[];
  /** Memories that a weight frame fills. */
  readonly loaded: readonly MemoryImage[];
}

function makeParts(top: string, header: readonly string[], network: QuantizedNetwork, planned: DesignPlan): Parts {
  if (planned.style === 'dense' && planned.segments.length > 0) {
    return { ...makeSegments(top, header, network, planned, memoryFile), loaded: [] };
  }
  const program = designProgram(planned);
  const stored = designImages(network, planned, program);
  const isStreamed = planned.options.weights === 'stream';
  const isImage = ({ name }: MemoryImage): boolean => !isStreamed || name === 'program';
  const images = stored.filter(isImage);
  const paths = Object.fromEntries(images.map(({ name }) => [name, memoryFile(name)]));
  const structure = designStructure(top, header, network, planned, program, paths);
  return { structures: [structure], images, loaded: stored.filter((image) => !isImage(image)) };
}

/** Digest of what a design is made of: the network and the complete plan. Figures that belong to it carry it. */
export function planDigest(network: QuantizedNetwork, options: PlanOptions): string {
  return sha256(json([sha256(serializeSafetensors(writeQuantizedFile(network))), options]));
}

/**
 * Generates the accelerator of a network.
 *
 * @throws SpikemillError USAGE or PLAN for a choice that cannot be built.
 */
export function generate(network: QuantizedNetwork, choice: GenerateOptions = {}): Design {
  const { top = DEFAULT_TOP, ...options } = choice;
  if (!isIdentifier(top) || LIBRARY_NAME.test(top)) {
    throw new SpikemillError('USAGE', 'this is no name for the top module', {
      where: '--top',
      expected: 'letters, digits and _, not starting with a digit, no keyword, and not smx_..., which are the library',
      actual: top,
      suggestions: [`leave out --top: ${DEFAULT_TOP}`],
    });
  }
  const planned = planDesign(network, options);
  const networkBytes = serializeSafetensors(writeQuantizedFile(network));
  const planText = json(planned.options);
  const header = [
    `Generated by ${GENERATOR} from the model ${sha256(networkBytes).slice(0, 16)} and the plan ${sha256(planText).slice(0, 16)}.`,
    `Do not edit; regenerate with: ${regenerate(planned.options, top)}`,
  ];
  const { structures, images, loaded } = makeParts(top, header, network, planned);
  const library = libraryFiles();
  const sources = [...library.map((name) => `rtl/${name}`), ...structures.map(({ name }) => `${name}.v`)];
  const files = new Map<string, string | Uint8Array>([
    [NETWORK_FILE, networkBytes],
    [PLAN_FILE, planText],
    ...structures.flatMap((structure): [string, string][] => [
      [structure.constantsFile, printConstants(structure)],
      [`${structure.name}.v`, printStructure(structure)],
    ]),
    ['files.f', `${sources.join('\n')}\n`],
    ...library.map((name) => [`rtl/${name}`, readFileSync(join(LIBRARY_FOLDER, name), 'utf8')] as const),
    ...images.map((image) => [memoryFile(image.name), image.text] as const),
  ]);
  if (loaded.length > 0) files.set(WEIGHTS_FILE, weightFrame(network, requireDense(planned, WEIGHT_STREAM), loaded));
  const contents = {
    top,
    files: sources,
    includes: structures.map(({ constantsFile }) => constantsFile),
    memories: images.map((image) => describeMemory(image, memoryFile(image.name))),
  };
  const external = planned.style === 'dense' ? planned.external : null;
  if (external !== null)
    files.set(
      EXTERNAL_WEIGHTS_FILE,
      externalImage(network, requireDense(planned, 'weights in external memory'), external),
    );
  files.set(`${top}.core`, makeCoreFile(contents, VERSION));
  const manifest: Manifest = {
    manifestVersion: 1,
    generator: GENERATOR,
    network: NETWORK_FILE,
    plan: planned.options,
    ...contents,
    ...(external === null ? {} : { externalWeights: describeExternal(external) }),
    digests: Object.fromEntries([...files].map(([path, data]) => [path, sha256(data)])),
    cyclesPerImage: planned.cyclesPerImage,
  };
  files.set(MANIFEST_FILE, json(manifest));
  const loadedMemories = loaded.map(({ name, width, depth }) => ({ name, width, depth }));
  return { plan: planned, manifest, loadedMemories, files };
}
