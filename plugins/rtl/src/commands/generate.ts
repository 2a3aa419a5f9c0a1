import { Args, Flags } from '@oclif/core';
import { loadQuantized, writeFolderAtomic } from '@spikemill/golden-model';
import {
  commonWidths,
  DEFAULT_TOP,
  type Design,
  generate,
  ownFiles,
  type PlanOptions,
  readPlanFile,
  workingMemories,
} from '@spikemill/hdl-gen';
import { BaseCommand, formatCount, PLAN_FLAGS, readPlanFlags, renderTable } from '@spikemill/plugin-core';

interface MemoryReport {
  readonly name: string;
  /** `weights`, ... for memories with an image; `loaded` for those that a weight frame fills; `working` for those that are written at run time. */
  readonly kind: string;
  readonly width: number;
  readonly depth: number;
  readonly bits: number;
}

interface GenerateReport {
  readonly output: string;
  readonly top: string;
  readonly plan: PlanOptions;
  /** Words of the layer program. */
  readonly passes: number;
  /** Closed form, without stalls. */
  readonly cyclesPerImage: number;
  readonly memories: readonly MemoryReport[];
  readonly memoryBits: number;
  readonly files: number;
}

function makeReport(output: string, { plan, manifest, loadedMemories, files }: Design): GenerateReport {
  const memories = [
    ...manifest.memories.map(({ name, kind, width, depth }) => ({ name, kind, width, depth })),
    ...loadedMemories.map((memory) => ({ ...memory, kind: 'loaded' })),
    ...workingMemories(plan).map((memory) => ({ ...memory, kind: 'working' })),
  ].map((memory) => ({ ...memory, bits: memory.width * memory.depth }));
  return {
    output,
    top: manifest.top,
    plan: plan.options,
    passes: plan.passes.length,
    cyclesPerImage: plan.cyclesPerImage,
    memories,
    memoryBits: memories.reduce((sum, { bits }) => sum + bits, 0),
    files: files.size,
  };
}

export class RtlGenerate extends BaseCommand {
  static override summary = 'Generate the Verilog of an accelerator from a quantized model.';
  static override description =
    'Writes the top, the module library, the memory images, the model, the plan and a manifest with their digests. The ' +
    'same model and plan give the same bytes.\nAn existing folder is replaced if it holds nothing but an earlier build.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> q.safetensors -o build/net',
    '<%= config.bin %> <%= command.id %> q.safetensors -o build/net --lanes 16 --inputs 8',
    '<%= config.bin %> <%= command.id %> q.safetensors -o build/net --plan build/other/plan.json --token-block 8',
    '<%= config.bin %> <%= command.id %> q.safetensors -o build/net --weights stream --also other.safetensors',
  ];
  static override args = {
    model: Args.string({ required: true, description: 'Quantized model, .safetensors.' }),
  };
  static override flags = {
    output: Flags.string({ char: 'o', required: true, helpValue: 'DIR', summary: 'Folder to write.' }),
    ...PLAN_FLAGS,
    plan: Flags.string({
      helpValue: 'FILE',
      summary: 'plan.json with the choices; the flags above, and their environment, go before it.',
    }),
    also: Flags.string({
      multiple: true,
      helpValue: 'MODEL',
      summary: 'With --weights stream: a model that the design must be wide enough for, too.',
    }),
    top: Flags.string({ helpValue: 'NAME', default: DEFAULT_TOP, summary: 'Name of the top module.' }),
  };

  override async run(): Promise<GenerateReport> {
    const { args, flags } = await this.parse(RtlGenerate);
    const choice = flags.plan === undefined ? {} : readPlanFile(flags.plan);
    const network = loadQuantized(args.model);
    const widths =
      flags.also === undefined
        ? {}
        : { widths: commonWidths([network, ...flags.also.map((path) => loadQuantized(path))]) };
    const design = generate(network, { ...choice, ...readPlanFlags(flags), ...widths, top: flags.top });
    writeFolderAtomic(flags.output, design.files, ownFiles(flags.output));
    const report = makeReport(flags.output, design);
    this.#print(report);
    return report;
  }

  #print({ output, plan, passes, cyclesPerImage, memories, memoryBits, top, files }: GenerateReport): void {
    const rows = memories.map(({ name, kind, width, depth, bits }) => [name, kind, depth, width, formatCount(bits)]);
    this.log(renderTable(['memory', 'holds', 'words', 'width', 'bits'], rows));
    const { lanes, inputs, neurons, tokenBlock } = plan;
    const block = tokenBlock === null ? 'all tokens at once' : `${tokenBlock} tokens at once`;
    this.log(`\nWrote ${files} files to ${output}, top ${top}`);
    this.log(`plan    ${lanes} lanes, ${inputs} inputs, ${neurons} neurons, ${block}`);
    this.log(`cycles  ${formatCount(cyclesPerImage)} per image in ${passes} passes`);
    this.log(`memory  ${formatCount(memoryBits)} bits`);
    this.log(`\nNext: ${this.config.bin} verify run ${output} --images IMAGES`);
    this.log(`      ${this.config.bin} estimate ${output}`);
  }
}
