/** A generated build as it is found on disk, and how it differs from what was generated. */
import { join } from 'node:path';
import { loadQuantized, type QuantizedNetwork, readFileChecked, SpikemillError } from '@spikemill/golden-model';
import {
  type DesignPlan,
  designProgram,
  GENERATOR,
  MANIFEST_FILE,
  type Manifest,
  type Program,
  planDesign,
  readManifest,
  sha256,
} from '@spikemill/hdl-gen';

export interface Build {
  readonly folder: string;
  readonly manifest: Manifest;
  /** The network that the hardware must compute. */
  readonly network: QuantizedNetwork;
  readonly plan: DesignPlan;
  readonly program: Program;
  /** One sentence for everything that is not as it was generated; each starts with the file. */
  readonly warnings: readonly string[];
}

/** Top module of the accelerator: a design for a board holds it below its own top. */
export function acceleratorOf({ manifest: { top, board } }: Build): string {
  return board?.accelerator ?? top;
}

/** Digest of a file of the build; null if it cannot be read. */
export function digestOf(folder: string, path: string): string | null {
  try {
    return sha256(readFileChecked(join(folder, path)));
  } catch (error) {
    if (error instanceof SpikemillError) return null;
    throw error;
  }
}

/** What a change of some files means for the comparison. */
function consequence(path: string, { network }: Manifest): string {
  if (path === network) return '; the golden model runs the network as it is now';
  if (path === 'plan.json') return `; the plan in ${MANIFEST_FILE} is used`;
  return '';
}

function compareDigests(folder: string, manifest: Manifest): string[] {
  return Object.entries(manifest.digests).flatMap(([path, expected]) => {
    const actual = digestOf(folder, path);
    if (actual === expected) return [];
    return [`${path}: ${actual === null ? 'missing' : 'changed since it was generated'}${consequence(path, manifest)}`];
  });
}

/**
 * Opens a build folder. Files that are missing or were changed do not stop it, as long as there are a manifest and a
 * network: they become warnings.
 * @throws SpikemillError INVALID_CONFIG, INVALID_FILE, INVALID_TENSOR, PLAN
 */
export function openBuild(folder: string): Build {
  const manifest = readManifest(folder);
  const warnings = compareDigests(folder, manifest);
  if (manifest.generator !== GENERATOR) {
    warnings.push(`${MANIFEST_FILE}: made by ${manifest.generator}, this is ${GENERATOR}`);
  }
  const network = loadQuantized(join(folder, manifest.network));
  const planned = planDesign(network, manifest.plan);
  if (planned.cyclesPerImage !== manifest.cyclesPerImage) {
    const { cyclesPerImage } = manifest;
    warnings.push(`${MANIFEST_FILE}: promises ${cyclesPerImage} cycles per image, the plan ${planned.cyclesPerImage}`);
  }
  return { folder, manifest, network, plan: planned, program: designProgram(planned), warnings };
}
