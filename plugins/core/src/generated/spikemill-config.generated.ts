// Generated from schema/spikemill-config.schema.json by `npm run generate`; do not edit.

/**
 * spikemill.config.json: defaults for the flags of the same name.
 */
export interface SpikemillConfig {
  $schema?: string;
  /**
   * --weight-bits of model quantize.
   */
  weightBits?: number;
  /**
   * --timesteps of model import.
   */
  timesteps?: number;
  /**
   * --limit of model run and verify run.
   */
  limit?: number;
  /**
   * --lanes of rtl generate.
   */
  lanes?: number;
  /**
   * --inputs of rtl generate.
   */
  inputs?: number;
  /**
   * --seed of verify run.
   */
  seed?: number;
  /**
   * --device of estimate and rtl generate.
   */
  device?: string;
  /**
   * --clock of estimate, MHz.
   */
  clock?: number;
}

/** The JSON Schema (draft-07) of {@link SpikemillConfig}. */
export const spikemillConfigSchema = {
  "$schema": "http://json-schema.org/draft-07/schema#",
  "$id": "spikemill-config.schema.json",
  "title": "SpikemillConfig",
  "description": "spikemill.config.json: defaults for the flags of the same name.",
  "type": "object",
  "additionalProperties": false,
  "properties": {
    "$schema": {
      "type": "string"
    },
    "weightBits": {
      "type": "integer",
      "minimum": 2,
      "maximum": 8,
      "description": "--weight-bits of model quantize."
    },
    "timesteps": {
      "type": "integer",
      "minimum": 1,
      "maximum": 16,
      "description": "--timesteps of model import."
    },
    "limit": {
      "type": "integer",
      "minimum": 1,
      "description": "--limit of model run and verify run."
    },
    "lanes": {
      "type": "integer",
      "minimum": 1,
      "description": "--lanes of rtl generate."
    },
    "inputs": {
      "type": "integer",
      "minimum": 1,
      "description": "--inputs of rtl generate."
    },
    "seed": {
      "type": "integer",
      "minimum": 0,
      "description": "--seed of verify run."
    },
    "device": {
      "type": "string",
      "description": "--device of estimate and rtl generate."
    },
    "clock": {
      "type": "number",
      "exclusiveMinimum": 0,
      "description": "--clock of estimate, MHz."
    }
  }
} as const;
