import { Args, Flags } from '@oclif/core';
import {
  type ConfigOrigin,
  exportCheckpoint,
  loadCheckpoint,
  type NetworkConfig,
  serializeSafetensors,
  writeFileAtomic,
} from '@spikemill/golden-model';
import { BaseCommand } from '@spikemill/plugin-core';
import { CONFIG_FLAGS, readConfigFlags } from '../config-flags.js';
import { renderOrigins } from '../reports.js';

interface ImportReport {
  readonly output: string;
  readonly config: NetworkConfig;
  readonly origins: readonly ConfigOrigin[];
  readonly tensors: number;
  readonly ignoredKeys: readonly string[];
  readonly ignoredObjects: readonly string[];
}

export class ModelImport extends BaseCommand {
  static override summary = 'Read a trained checkpoint, check it, and write it as one self-contained file.';
  static override description =
    'Takes .safetensors files and the .pth files of the public training script. Pickles are read by an allow-list and ' +
    'never executed.\nWhat the tensors do not tell (T, mean, std) comes from flags, from config.json beside the ' +
    'checkpoint or from the metadata of the file, in this order.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> examples/digits-tiny/model.pth -o net.safetensors',
    '<%= config.bin %> <%= command.id %> checkpoint.pth -o net.safetensors --timesteps 4 --mean 0.1307 --std 0.3081',
  ];
  static override args = {
    checkpoint: Args.string({ required: true, description: 'Float checkpoint, .safetensors or .pth.' }),
  };
  static override flags = {
    output: Flags.string({ char: 'o', required: true, helpValue: 'FILE', summary: 'Where to write the .safetensors.' }),
    ...CONFIG_FLAGS,
  };

  override async run(): Promise<ImportReport> {
    const { args, flags } = await this.parse(ModelImport);
    const model = loadCheckpoint(args.checkpoint, { configPath: flags.config, flags: readConfigFlags(flags) });
    const file = exportCheckpoint(model);
    writeFileAtomic(flags.output, serializeSafetensors(file));
    const { checkpoint, origins, ignoredKeys, ignoredNames } = model;
    const tensors = file.tensors.size;
    this.log(renderOrigins(origins));
    if (ignoredKeys.length > 0) this.log(`\nIgnored tensors: ${ignoredKeys.join(', ')}`);
    if (ignoredNames.length > 0) this.log(`\nIgnored objects, not executed: ${ignoredNames.join(', ')}`);
    this.log(`\nWrote ${tensors} tensors to ${flags.output}`);
    this.log(`Next: ${this.config.bin} model quantize ${flags.output} -o q.safetensors --weight-bits 4`);
    const { config } = checkpoint;
    return { output: flags.output, config, origins, tensors, ignoredKeys, ignoredObjects: ignoredNames };
  }
}
