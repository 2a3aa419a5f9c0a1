/** A netlist as Yosys and nextpnr write it in JSON, as far as it is read here. */
import { parseJson, SpikemillError } from '@spikemill/golden-model';

export interface NetlistCell {
  readonly type: string;
}

export interface NetlistModule {
  readonly attributes?: Readonly<Record<string, string>>;
  readonly cells?: Readonly<Record<string, NetlistCell>>;
}

export interface Netlist {
  readonly modules: Readonly<Record<string, NetlistModule>>;
}

/** @throws SpikemillError INVALID_FILE if it holds no modules. */
export function parseNetlist(text: string, where: string): Netlist {
  const netlist = parseJson(text, where) as Partial<Netlist> | null;
  if (typeof netlist?.modules === 'object') return netlist as Netlist;
  throw new SpikemillError('INVALID_FILE', 'this is no netlist in JSON', { where, expected: 'an object "modules"' });
}

/** Name of the module at the top: the one that is marked, or the given one. */
export function topOf({ modules }: Netlist, fallback: string): string {
  const marked = Object.entries(modules).find(([, { attributes }]) => attributes?.top !== undefined);
  return marked?.[0] ?? fallback;
}

/** `$paramod$c2e7...\smx_delay` and `$paramod\smx_delay\Width=...` give `smx_delay`; other names stay. */
export function plainModuleName(name: string): string {
  const parameters = name.startsWith('$paramod') ? name.split('\\') : [];
  return parameters[1] ?? name;
}
