/** The instances of a generated top with the values of their parameters: what the cost formulas walk. */
import type { QuantizedNetwork } from '@spikemill/golden-model';
import { type DesignPlan, designProgram, designStructure } from '../design.js';
import { evaluate } from '../expression.js';
import { segmentStructures } from '../segments.js';
import { libraryModule } from '../verilog/library.js';
import type { Instance, Structure } from '../verilog/structure.js';

/** A library module as the top instantiates it. */
export interface ModuleInstance {
  /** Name in the top, such as `u_gather`. */
  readonly name: string;
  readonly module: string;
  /** Every numeric parameter of the module. */
  readonly parameters: Readonly<Record<string, number>>;
  /** Name of the string constant that holds the path of the memory image; null for modules without one. */
  readonly image: string | null;
  /** The segment that it is in; null in the top. */
  readonly segment: number | null;
}

/** Values of an instance's parameters: given ones over the defaults of the module's header, in order. */
export function parameterValues(
  { module, name, parameters }: Instance,
  constants: Structure['constants'],
): ModuleInstance {
  const values: Record<string, number> = {};
  let image: string | null = null;
  for (const [parameter, fallback] of libraryModule(module).parameters) {
    const given = parameters[parameter];
    if (fallback.startsWith('"')) image = given ?? null;
    else values[parameter] = given === undefined ? evaluate(fallback, values, name) : evaluate(given, constants, name);
  }
  return { name, module, parameters: values, image, segment: null };
}

/** Modules of the library; generated ones are listed by their instances. */
function listStructure({ instances, constants, modules = [] }: Structure): ModuleInstance[] {
  const generated = new Set(modules.map(({ name }) => name));
  return instances
    .filter(({ module }) => !generated.has(module))
    .map((instance) => parameterValues(instance, constants));
}

/** Every instance of the generated top of a plan, in the order of the top; those of segments as `u_segment_0.u_gather`. */
export function listInstances(network: QuantizedNetwork, plan: DesignPlan): ModuleInstance[] {
  if (plan.style === 'event' || plan.segments.length === 0) {
    return listStructure(designStructure('top', [], network, plan, designProgram(plan), {}));
  }
  const { segments, top } = segmentStructures('top', [], network, plan);
  const inside = segments.flatMap((structure, segment) =>
    listStructure(structure).map((instance) => ({
      ...instance,
      segment,
      name: `u_segment_${segment}.${instance.name}`,
    })),
  );
  return [...listStructure(top), ...inside];
}
