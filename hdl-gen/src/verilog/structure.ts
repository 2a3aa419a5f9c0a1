/** A structural Verilog module as data: ports, wires and instances, nothing that computes. */
import type { LibraryModule } from './library.js';

/** Widths are expressions over the constants of the module, such as `Lanes * Timesteps`; `1` is a single wire. */
export interface Port {
  readonly name: string;
  readonly direction: 'input' | 'output';
  readonly width: string;
  readonly comment: string;
}

export interface Wire {
  readonly name: string;
  readonly width: string;
  /** A field of another wire that this one names. */
  readonly field?: { readonly of: string; readonly lsb: string };
  readonly comment?: string;
}

/** A wire, some bits of a wire, several of those behind each other, the most significant first, a constant bit, or zeros. */
export type Connection =
  | string
  | { readonly constant: 0 | 1 }
  | { readonly zeros: string }
  | { readonly wire: string; readonly lsb: string; readonly width: string }
  | { readonly concat: readonly string[] };

export interface Instance {
  readonly module: string;
  readonly name: string;
  /** Origin, shapes, formats: one line. */
  readonly comment: string;
  /** Numbers, names of constants, or names of module parameters for strings. */
  readonly parameters: Readonly<Record<string, string>>;
  /** Every port of the library module; null leaves an output open. */
  readonly ports: Readonly<Record<string, Connection | null>>;
}

export interface Structure {
  readonly name: string;
  /** Comment lines in front of the module. */
  readonly header: readonly string[];
  /** File that holds `constants` as localparams, included in the module. */
  readonly constantsFile: string;
  readonly constants: Readonly<Record<string, number>>;
  /** String parameters of the module with their defaults: paths of memory images. */
  readonly strings: Readonly<Record<string, string>>;
  readonly ports: readonly Port[];
  readonly wires: readonly Wire[];
  readonly instances: readonly Instance[];
  /** Generated modules that instances may name, beside those of the library. */
  readonly modules?: readonly LibraryModule[];
}
