// Generated from schema/quantized-metadata.schema.json by `npm run generate`; do not edit.

export type Bits = number;

/**
 * __metadata__ of a quantized model file, version 1; in the file every value is JSON in a string. Other keys are left alone.
 */
export interface QuantizedMetadata {
  /**
   * Fractional bits of currents and membranes.
   */
  F: number;
  /**
   * Fractional bits of token scales.
   */
  S: number;
  /**
   * Signed digits of a token scale; 2 if absent.
   */
  D?: number;
  /**
   * Stored membrane bits.
   */
  M: number;
  /**
   * Timesteps.
   */
  T: number;
  /**
   * B, or B of each layer kind.
   */
  weight_bits: Bits | BitsOfKinds;
  first_layer_bits: Bits;
  head_bits: Bits;
  spe: boolean;
  in_channels: number;
  dim: number;
  alpha: number;
  num_classes: number;
  patch_size: number;
  image_size: number | number[];
  /**
   * @minItems 1
   */
  depths: number[];
  /**
   * Informative: the weights contain it.
   */
  mean?: number[];
  /**
   * Informative: the weights contain it.
   */
  std?: number[];
  /**
   * Informative: measured top-1, 0 to 1.
   */
  accuracy?: number | null;
  /**
   * Informative: how the file was made.
   */
  method?: string | null;
}
export interface BitsOfKinds {
  spe: Bits;
  'patch-step': Bits;
  'axial-h': Bits;
  'axial-w': Bits;
  fuse: Bits;
  fc1: Bits;
  fc2: Bits;
}

/** The JSON Schema (draft-07) of {@link QuantizedMetadata}. */
export const quantizedMetadataSchema = {
  "$schema": "http://json-schema.org/draft-07/schema#",
  "$id": "quantized-metadata.schema.json",
  "title": "QuantizedMetadata",
  "description": "__metadata__ of a quantized model file, version 1; in the file every value is JSON in a string. Other keys are left alone.",
  "type": "object",
  "additionalProperties": false,
  "required": [
    "F",
    "S",
    "M",
    "T",
    "weight_bits",
    "first_layer_bits",
    "head_bits",
    "spe",
    "in_channels",
    "dim",
    "alpha",
    "num_classes",
    "patch_size",
    "image_size",
    "depths"
  ],
  "properties": {
    "F": {
      "type": "integer",
      "minimum": 1,
      "maximum": 16,
      "description": "Fractional bits of currents and membranes."
    },
    "S": {
      "type": "integer",
      "minimum": 0,
      "maximum": 16,
      "description": "Fractional bits of token scales."
    },
    "D": {
      "type": "integer",
      "minimum": 1,
      "maximum": 16,
      "description": "Signed digits of a token scale; 2 if absent."
    },
    "M": {
      "type": "integer",
      "minimum": 2,
      "maximum": 32,
      "description": "Stored membrane bits."
    },
    "T": {
      "type": "integer",
      "minimum": 1,
      "maximum": 16,
      "description": "Timesteps."
    },
    "weight_bits": {
      "description": "B, or B of each layer kind.",
      "anyOf": [
        {
          "$ref": "#/definitions/bits"
        },
        {
          "$ref": "#/definitions/bitsOfKinds"
        }
      ]
    },
    "first_layer_bits": {
      "$ref": "#/definitions/bits"
    },
    "head_bits": {
      "$ref": "#/definitions/bits"
    },
    "spe": {
      "type": "boolean"
    },
    "in_channels": {
      "type": "integer",
      "minimum": 1
    },
    "dim": {
      "type": "integer",
      "minimum": 1
    },
    "alpha": {
      "type": "number",
      "exclusiveMinimum": 0
    },
    "num_classes": {
      "type": "integer",
      "minimum": 1
    },
    "patch_size": {
      "type": "integer",
      "minimum": 1
    },
    "image_size": {
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
      "minItems": 1
    },
    "mean": {
      "type": "array",
      "items": {
        "type": "number"
      },
      "description": "Informative: the weights contain it."
    },
    "std": {
      "type": "array",
      "items": {
        "type": "number"
      },
      "description": "Informative: the weights contain it."
    },
    "accuracy": {
      "type": [
        "number",
        "null"
      ],
      "description": "Informative: measured top-1, 0 to 1."
    },
    "method": {
      "type": [
        "string",
        "null"
      ],
      "description": "Informative: how the file was made."
    }
  },
  "definitions": {
    "bits": {
      "type": "integer",
      "minimum": 2,
      "maximum": 8
    },
    "bitsOfKinds": {
      "type": "object",
      "additionalProperties": false,
      "required": [
        "spe",
        "patch-step",
        "axial-h",
        "axial-w",
        "fuse",
        "fc1",
        "fc2"
      ],
      "properties": {
        "spe": {
          "$ref": "#/definitions/bits"
        },
        "patch-step": {
          "$ref": "#/definitions/bits"
        },
        "axial-h": {
          "$ref": "#/definitions/bits"
        },
        "axial-w": {
          "$ref": "#/definitions/bits"
        },
        "fuse": {
          "$ref": "#/definitions/bits"
        },
        "fc1": {
          "$ref": "#/definitions/bits"
        },
        "fc2": {
          "$ref": "#/definitions/bits"
        }
      }
    }
  }
} as const;
