/** The arithmetic contract: configuration, import, folding, quantizer, golden model. Imports no other package of ours. */
export { align } from './arithmetic/align.js';
export type { Arithmetic, Fired } from './arithmetic/arithmetic.js';
export type { Numbers } from './arithmetic/numbers.js';
export { signedDigits } from './arithmetic/signed-digits.js';
export * from './backend/backend.js';
export { compareBackends, type LayerDifference } from './backend/compare.js';
export { type Calibration, startCalibration } from './calibrate.js';
export * from './checkpoint.js';
export * from './derive.js';
export * from './energy.js';
export * from './errors.js';
export {
  listFolder,
  openFileChecked,
  readFileChecked,
  removeTemporaries,
  writeFileAtomic,
  writeFolderAtomic,
} from './files.js';
export type { Observer } from './flow.js';
export * from './fold.js';
export * from './folded-network.js';
export { makeStatement, parseConfigFile } from './import/config-statements.js';
export {
  encodeCheckpoint,
  exportCheckpoint,
  type ImportedCheckpoint,
  importCheckpoint,
} from './import/float-checkpoint.js';
export { decodePng, type ImageFormat, type ImageSet, imageAt, parseLabels, parseRawImages } from './import/images.js';
export type { ConfigOrigin, ConfigStatement } from './import/infer-config.js';
export { readQuantizedFile, writeQuantizedFile } from './import/quantized-file.js';
export { parseSafetensors, serializeSafetensors } from './import/safetensors.js';
export * from './import/tensor-file.js';
export { parseTorchCheckpoint, type TorchCheckpoint } from './import/torch-checkpoint.js';
export { parseJson, validateJson } from './json.js';
export * from './layer-list.js';
export { fireFloats, fireIntegers, smallestMembrane, theta2Of } from './layers/lif.js';
export * from './load.js';
export { type ImageOutcome, measureImage } from './measure-image.js';
export * from './network.js';
export * from './network-config.js';
export * from './operations.js';
export * from './quantize.js';
export * from './quantize-options.js';
export * from './quantized-network.js';
export { type Generator, makeGenerator } from './random/generator.js';
export * from './random/named-networks.js';
export { randomImages } from './random/random-images.js';
export { type RandomNetworkOptions, randomNetwork } from './random/random-network.js';
export { shapeLike } from './random/shape-like.js';
export * from './range.js';
export * from './run.js';
export * from './search-bits.js';
export { packBits, type Spikes, unpackBits } from './spikes.js';
export * from './statistics.js';
export { digestNetwork, type TraceContent, type TraceHeader, type TraceSection } from './trace/trace-format.js';
export { isTraceFile, isTracePath, openTrace, type TraceReader } from './trace/trace-reader.js';
export { startTrace, type TraceWriter } from './trace/trace-writer.js';
export { countOf } from './wording.js';
export { type RunImagesOptions, runImages } from './workers/run-images.js';
