/** The networks that a build runs, with the weight frames that bring them in. */
import { join } from 'node:path';
import { type QuantizedNetwork, readFileChecked } from '@spikemill/golden-model';
import { planSwap, requireDense, WEIGHT_STREAM, WEIGHTS_FILE, weightFrame } from '@spikemill/hdl-gen';
import type { Build } from './build.js';
import type { Model } from './vectors.js';

/** The build's own network: its frame as it lies in the build. */
function ownModel({ folder, network, plan }: Build): Model {
  const isStreamed = plan.options.weights === 'stream';
  return { network, weights: isStreamed ? readFileChecked(join(folder, WEIGHTS_FILE)) : null };
}

/**
 * Models that run in turn: those of some networks, or the build's own.
 *
 * @throws SpikemillError PLAN for a network that the build cannot run; INVALID_FILE if the build has lost its frame.
 */
export function modelsOf(build: Build, networks: readonly QuantizedNetwork[] = []): Model[] {
  if (networks.length === 0) return [ownModel(build)];
  return networks.map((network) => ({
    network,
    weights: weightFrame(
      network,
      planSwap({ network: build.network, plan: requireDense(build.plan, WEIGHT_STREAM) }, network),
    ),
  }));
}
