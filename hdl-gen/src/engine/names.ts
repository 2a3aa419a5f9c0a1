/** Names in the generated text. */

/** snake_case to UpperCamelCase: `outer_last` to `OuterLast`. */
export function upperCamel(name: string): string {
  return name.replaceAll(/(?:^|_)(\w)/g, (_, letter: string) => letter.toUpperCase());
}

/** kebab-case kind of a memory image to the name of its path parameter: `spike-weights` to `SpikeWeightsFile`. */
export function fileParameter(kind: string): string {
  return `${upperCamel(kind.replaceAll('-', '_'))}File`;
}

/** Constant with the lowest bit of a program field. */
export function fieldLsb(name: string): string {
  return `Pass${upperCamel(name)}Lsb`;
}

function snake(kind: string): string {
  return kind.replaceAll('-', '_');
}

/** Wires that fill a memory with the words of a weight frame. */
export const writeWire = (kind: string): string => `${snake(kind)}_write`;
export const addressWire = (kind: string): string => `${snake(kind)}_address`;
export const writeWord = (kind: string): string => `${snake(kind)}_word`;
/** The section of the memory has all its words. */
export const fullWire = (kind: string): string => `${snake(kind)}_full`;
