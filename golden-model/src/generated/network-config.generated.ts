// Generated from schema/network-config.schema.json by `npm run generate`; do not edit.

/**
 * config.json beside a float checkpoint. Everything is optional: what is stated must agree with the tensors, and what the tensors do not say (T, mean, std) must be stated here, in the metadata or by a flag.
 */
export interface NetworkConfigFile {
  $schema?: string;
  /**
   * Name of the model in the training script. Informative; spe decides.
   */
  variant?: string;
  /**
   * true: stages 1.. start with an SPE cell; false: with a 2x2 patch step.
   */
  spe?: boolean;
  /**
   * Pixel channels.
   */
  in_channels?: number;
  /**
   * Channels of stage 0; stage i has dim * 2^i.
   */
  dim?: number;
  /**
   * Hidden width of a channel block over its width.
   */
  alpha?: number;
  num_classes?: number;
  /**
   * Side of a patch in pixels.
   */
  patch_size?: number;
  /**
   * Side of a square image in pixels, or [height, width].
   */
  image_size?: number | number[];
  /**
   * Blocks of each stage.
   *
   * @minItems 1
   */
  depths?: number[];
  /**
   * Timesteps.
   */
  T?: number;
  /**
   * Per pixel channel: x = (uint8 / 255 - mean) / std.
   *
   * @minItems 1
   */
  mean?: number[];
  /**
   * @minItems 1
   */
  std?: number[];
  /**
   * Time constant of the neuron; only 2 needs no multiplier.
   */
  tau?: 2;
  v_threshold?: 1;
  v_reset?: 0;
  decay_input?: true;
  /**
   * Of training only. Informative.
   */
  detach_reset?: boolean;
  bn_eps?: 0.00001;
  /**
   * Informative.
   */
  pixel_scale?: string;
}

/** The JSON Schema (draft-07) of {@link NetworkConfigFile}. */
export const networkConfigSchema = {
  "$schema": "http://json-schema.org/draft-07/schema#",
  "$id": "network-config.schema.json",
  "title": "NetworkConfigFile",
  "description": "config.json beside a float checkpoint. Everything is optional: what is stated must agree with the tensors, and what the tensors do not say (T, mean, std) must be stated here, in the metadata or by a flag.",
  "type": "object",
  "additionalProperties": false,
  "properties": {
    "$schema": {
      "type": "string"
    },
    "variant": {
      "type": "string",
      "description": "Name of the model in the training script. Informative; spe decides."
    },
    "spe": {
      "type": "boolean",
      "description": "true: stages 1.. start with an SPE cell; false: with a 2x2 patch step."
    },
    "in_channels": {
      "type": "integer",
      "minimum": 1,
      "description": "Pixel channels."
    },
    "dim": {
      "type": "integer",
      "minimum": 1,
      "description": "Channels of stage 0; stage i has dim * 2^i."
    },
    "alpha": {
      "type": "number",
      "exclusiveMinimum": 0,
      "description": "Hidden width of a channel block over its width."
    },
    "num_classes": {
      "type": "integer",
      "minimum": 1
    },
    "patch_size": {
      "type": "integer",
      "minimum": 1,
      "description": "Side of a patch in pixels."
    },
    "image_size": {
      "description": "Side of a square image in pixels, or [height, width].",
      "anyOf": [
        {
          "type": "integer",
          "minimum": 1
        },
        {
          "type": "array",
          "items": {
            "type": "integer",
            "minimum": 1
          },
          "minItems": 2,
          "maxItems": 2
        }
      ]
    },
    "depths": {
      "type": "array",
      "items": {
        "type": "integer",
        "minimum": 1
      },
      "minItems": 1,
      "description": "Blocks of each stage."
    },
    "T": {
      "type": "integer",
      "minimum": 1,
      "maximum": 16,
      "description": "Timesteps."
    },
    "mean": {
      "type": "array",
      "items": {
        "type": "number"
      },
      "minItems": 1,
      "description": "Per pixel channel: x = (uint8 / 255 - mean) / std."
    },
    "std": {
      "type": "array",
      "items": {
        "type": "number",
        "exclusiveMinimum": 0
      },
      "minItems": 1
    },
    "tau": {
      "const": 2,
      "description": "Time constant of the neuron; only 2 needs no multiplier."
    },
    "v_threshold": {
      "const": 1
    },
    "v_reset": {
      "const": 0
    },
    "decay_input": {
      "const": true
    },
    "detach_reset": {
      "type": "boolean",
      "description": "Of training only. Informative."
    },
    "bn_eps": {
      "const": 0.00001
    },
    "pixel_scale": {
      "type": "string",
      "description": "Informative."
    }
  }
} as const;
