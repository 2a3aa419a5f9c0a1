/** What a build with several segments has in the place of one engine: their modules, images and the top. */
import type { QuantizedNetwork } from '@spikemill/golden-model';
import { fileParameter } from './engine/names.js';
import { makeSegment, type SegmentPlace, segmentMemories } from './engine/segment.js';
import { type BuiltSegment, makeSegmentedTop } from './engine/segmented-top.js';
import type { MemoryImage } from './images/memory-image.js';
import { parameterImages } from './images/parameters.js';
import { weightImages } from './images/weights.js';
import type { Plan, SegmentPlan } from './plan/plan.js';
import { makeProgram } from './program.js';
import type { Structure } from './verilog/structure.js';

export interface SegmentedDesign {
  /** Those of the segments, then the top. */
  readonly structures: readonly Structure[];
  /** Of all segments; names start with that of their segment. */
  readonly images: readonly MemoryImage[];
}

/** Name of a memory of a segment. */
function segmentMemory(segment: number, kind: string): string {
  return `segment-${segment}-${kind}`;
}

/** Where a segment stands among all. */
export function placeOf(segment: number, count: number): SegmentPlace {
  return { isFirst: segment === 0, isLast: segment === count - 1 };
}

interface Built extends BuiltSegment {
  readonly images: readonly MemoryImage[];
}

function buildSegment(
  top: string,
  header: readonly string[],
  network: QuantizedNetwork,
  plan: SegmentPlan,
  segment: number,
  count: number,
  fileOf: (name: string) => string,
): Built {
  const place = placeOf(segment, count);
  const program = makeProgram(plan);
  const kinds = new Set(['program', ...segmentMemories(plan, place).map(({ kind }) => kind)]);
  const all = [...weightImages(network, plan), ...parameterImages(network, plan, program)];
  const images = all
    .filter(({ name }) => kinds.has(name))
    .map((image) => ({ kind: image.name, image: { ...image, name: segmentMemory(segment, image.name) } }));
  const paths = Object.fromEntries(images.map(({ kind, image }) => [kind, fileOf(image.name)]));
  return {
    plan,
    structure: makeSegment(`${top}_segment_${segment}`, header, network, plan, program, place, paths),
    files: Object.fromEntries(images.map(({ kind, image }) => [fileParameter(kind), fileParameter(image.name)])),
    images: images.map(({ image }) => image),
  };
}

/** Structures alone, without images: their paths are left out. */
export function segmentStructures(
  top: string,
  header: readonly string[],
  network: QuantizedNetwork,
  { segments }: Plan,
): { readonly segments: readonly Structure[]; readonly top: Structure } {
  const built = segments.map((plan, i): BuiltSegment => {
    const place = placeOf(i, segments.length);
    const name = `${top}_segment_${i}`;
    return { plan, structure: makeSegment(name, header, network, plan, makeProgram(plan), place, {}), files: {} };
  });
  return { segments: built.map(({ structure }) => structure), top: makeSegmentedTop(top, header, built, {}) };
}

/**
 * Modules and images of a plan with several segments.
 *
 * @param fileOf path of a memory image by its name.
 */
export function makeSegments(
  top: string,
  header: readonly string[],
  network: QuantizedNetwork,
  { segments }: Plan,
  fileOf: (name: string) => string,
): SegmentedDesign {
  const built = segments.map((plan, i) => buildSegment(top, header, network, plan, i, segments.length, fileOf));
  const images = built.flatMap((each) => each.images);
  const paths = Object.fromEntries(images.map(({ name }) => [fileParameter(name), fileOf(name)]));
  return {
    structures: [...built.map(({ structure }) => structure), makeSegmentedTop(top, header, built, paths)],
    images,
  };
}
