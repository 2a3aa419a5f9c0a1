// Generated from schema/energy-model.schema.json by `npm run generate`; do not edit.

/**
 * Energies of the events that the energy model counts. All in picojoules.
 */
export interface EnergyModel {
  $schema?: string;
  /**
   * Technology and source of the figures.
   */
  description: string;
  /**
   * One addition of a weight to an accumulator.
   */
  pjPerAccumulate: number;
  /**
   * One timestep of one LIF: add, compare, shift, select.
   */
  pjPerNeuronUpdate: number;
  /**
   * One bit of weight memory, read.
   */
  pjPerWeightBit: number;
  /**
   * One bit of spike or pixel memory, read or written.
   */
  pjPerSpikeBit: number;
  /**
   * One bit of a kept current (h, h + tok), read or written.
   */
  pjPerResidualBit: number;
  /**
   * One bit of membrane memory, read or written; 0 where all timesteps of a neuron are finished together.
   */
  pjPerMembraneBit: number;
}

/** The JSON Schema (draft-07) of {@link EnergyModel}. */
export const energyModelSchema = {
  "$schema": "http://json-schema.org/draft-07/schema#",
  "$id": "energy-model.schema.json",
  "title": "EnergyModel",
  "description": "Energies of the events that the energy model counts. All in picojoules.",
  "type": "object",
  "additionalProperties": false,
  "required": [
    "description",
    "pjPerAccumulate",
    "pjPerNeuronUpdate",
    "pjPerWeightBit",
    "pjPerSpikeBit",
    "pjPerResidualBit",
    "pjPerMembraneBit"
  ],
  "properties": {
    "$schema": {
      "type": "string"
    },
    "description": {
      "type": "string",
      "description": "Technology and source of the figures."
    },
    "pjPerAccumulate": {
      "type": "number",
      "minimum": 0,
      "description": "One addition of a weight to an accumulator."
    },
    "pjPerNeuronUpdate": {
      "type": "number",
      "minimum": 0,
      "description": "One timestep of one LIF: add, compare, shift, select."
    },
    "pjPerWeightBit": {
      "type": "number",
      "minimum": 0,
      "description": "One bit of weight memory, read."
    },
    "pjPerSpikeBit": {
      "type": "number",
      "minimum": 0,
      "description": "One bit of spike or pixel memory, read or written."
    },
    "pjPerResidualBit": {
      "type": "number",
      "minimum": 0,
      "description": "One bit of a kept current (h, h + tok), read or written."
    },
    "pjPerMembraneBit": {
      "type": "number",
      "minimum": 0,
      "description": "One bit of membrane memory, read or written; 0 where all timesteps of a neuron are finished together."
    }
  }
} as const;
