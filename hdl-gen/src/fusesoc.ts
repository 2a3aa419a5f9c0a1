/** The FuseSoC core file (CAPI=2) of a build: for users who keep their IP in FuseSoC or Edalize. */
import { stringify } from 'yaml';
import type { Manifest } from './manifest.js';

type CoreSource = Pick<Manifest, 'top' | 'files' | 'includes' | 'memories'>;

/** Text of `TOP.core`. The memory images are copied to where the top's path parameters point. */
export function makeCoreFile({ top, files, includes, memories }: CoreSource, version: string): string {
  const core = {
    name: `spikemill:accelerator:${top}:${version}`,
    description: 'Spiking MLP-Mixer accelerator',
    filesets: {
      rtl: {
        files: [...includes.map((name) => ({ [name]: { is_include_file: true } })), ...files],
        file_type: 'verilogSource-2005',
      },
      memories: {
        files: memories.map(({ file }) => ({ [file]: { copyto: file } })),
        file_type: 'user',
      },
    },
    targets: {
      default: { filesets: ['rtl', 'memories'], toplevel: top },
      lint: {
        default_tool: 'verilator',
        filesets: ['rtl', 'memories'],
        toplevel: top,
        tools: { verilator: { mode: 'lint-only', verilator_options: ['-Wall'] } },
      },
    },
  };
  return `CAPI=2:\n${stringify(core)}`;
}
