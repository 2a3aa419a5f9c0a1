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
