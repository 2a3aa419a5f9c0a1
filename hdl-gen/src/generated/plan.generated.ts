// Generated from schema/plan.schema.json by `npm run generate`; do not edit.

/**
 * What a user chooses about an accelerator. Everything that is left out has a default.
 */
export interface PlanFile {
  $schema?: string;
  /**
   * How the lanes add: dense trees of all inputs, or one weight row per spike.
   */
  style?: 'dense' | 'event';
  /**
   * P: outputs that are accumulated at once.
   */
  lanes?: number;
  /**
   * K: inputs per lane and cycle.
   */
  inputs?: number;
  /**
   * U: neurons of the neuron unit, a divisor of the lanes.
   */
  neurons?: number;
  /**
   * Tokens that pass fuse, fc1 and fc2 before the next tokens start; null: all tokens of a stage.
   */
  tokenBlock?: number | null;
  /**
   * image: weights and parameters are part of the design; stream: they are loaded at run time; external: the weights of the spike array are read from external memory for each image.
   */
  weights?: 'image' | 'stream' | 'external';
  /**
   * For streamed weights: bits that the data path has at least, by name, for networks that come later.
   */
  widths?: {
    [k: string]: number;
  };
  /**
   * Engines that work on images behind each other: how many, or the layers at which those behind the first begin.
   */
  segments?: number | string[];
  /**
   * Outermost loop of passes with a weight per lane: token reads all weights for each token; group reads those of a group of lanes, and uses them for all tokens.
   */
  loopOrder?: 'token' | 'group';
  /**
   * For external weights: bits of a beat of the memory.
   */
  weightBus?: 64 | 128 | 256 | 512;
  /**
   * How a dense lane sums: trees of gated weights, or tables of subset sums, whose weights stay for a block of tokens.
   */
  lane?: 'tree' | 'table';
  /**
   * Inputs of a lane that axial branches use in a cycle, at most all of them; left out: 1. From 2 on, lines of spikes are kept in a buffer of their own.
   */
  axialInputs?: number;
  /**
   * Who adds the bit planes of pixels and the timesteps of the head, whose weights have 8 bits: an array of its own, or the spike array, digit by digit of the weights; left out: own.
   */
  planes?: 'own' | 'shared';
  /**
   * How lanes of trees add: two terms, or three, for parts with six-input LUTs; left out: binary.
   */
  adders?: 'binary' | 'ternary';
}

/** The JSON Schema (draft-07) of {@link PlanFile}. */
export const planSchema = {
  "$schema": "http://json-schema.org/draft-07/schema#",
  "title": "PlanFile",
  "description": "What a user chooses about an accelerator. Everything that is left out has a default.",
  "type": "object",
  "additionalProperties": false,
  "properties": {
    "$schema": {
      "type": "string"
    },
    "style": {
      "description": "How the lanes add: dense trees of all inputs, or one weight row per spike.",
      "enum": [
        "dense",
        "event"
      ]
    },
    "lanes": {
      "description": "P: outputs that are accumulated at once.",
      "type": "integer",
      "minimum": 1,
      "maximum": 1024
    },
    "inputs": {
      "description": "K: inputs per lane and cycle.",
      "type": "integer",
      "minimum": 1,
      "maximum": 256
    },
    "neurons": {
      "description": "U: neurons of the neuron unit, a divisor of the lanes.",
      "type": "integer",
      "minimum": 1,
      "maximum": 1024
    },
    "tokenBlock": {
      "description": "Tokens that pass fuse, fc1 and fc2 before the next tokens start; null: all tokens of a stage.",
      "type": [
        "integer",
        "null"
      ],
      "minimum": 1,
      "maximum": 65536
    },
    "weights": {
      "description": "image: weights and parameters are part of the design; stream: they are loaded at run time; external: the weights of the spike array are read from external memory for each image.",
      "enum": [
        "image",
        "stream",
        "external"
      ]
    },
    "widths": {
      "description": "For streamed weights: bits that the data path has at least, by name, for networks that come later.",
      "type": "object",
      "additionalProperties": {
        "type": "integer",
        "minimum": 1,
        "maximum": 32
      }
    },
    "segments": {
      "description": "Engines that work on images behind each other: how many, or the layers at which those behind the first begin.",
      "oneOf": [
        {
          "type": "integer",
          "minimum": 1,
          "maximum": 32
        },
        {
          "type": "array",
          "items": {
            "type": "string"
          },
          "minItems": 1,
          "maxItems": 31
        }
      ]
    },
    "loopOrder": {
      "description": "Outermost loop of passes with a weight per lane: token reads all weights for each token; group reads those of a group of lanes, and uses them for all tokens.",
      "enum": [
        "token",
        "group"
      ]
    },
    "weightBus": {
      "description": "For external weights: bits of a beat of the memory.",
      "enum": [
        64,
        128,
        256,
        512
      ]
    },
    "lane": {
      "description": "How a dense lane sums: trees of gated weights, or tables of subset sums, whose weights stay for a block of tokens.",
      "enum": [
        "tree",
        "table"
      ]
    },
    "axialInputs": {
      "description": "Inputs of a lane that axial branches use in a cycle, at most all of them; left out: 1. From 2 on, lines of spikes are kept in a buffer of their own.",
      "type": "integer",
      "minimum": 1,
      "maximum": 256
    },
    "planes": {
      "description": "Who adds the bit planes of pixels and the timesteps of the head, whose weights have 8 bits: an array of its own, or the spike array, digit by digit of the weights; left out: own.",
      "enum": [
        "own",
        "shared"
      ]
    },
    "adders": {
      "description": "How lanes of trees add: two terms, or three, for parts with six-input LUTs; left out: binary.",
      "enum": [
        "binary",
        "ternary"
      ]
    }
  }
} as const;
