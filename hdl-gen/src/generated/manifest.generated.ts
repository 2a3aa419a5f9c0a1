// Generated from schema/manifest.schema.json by `npm run generate`; do not edit.

/**
 * What a generated build holds and how it was made. All paths are relative to the manifest.
 */
export interface Manifest {
  manifestVersion: 1;
  /**
   * Tool and version.
   */
  generator: string;
  /**
   * Top module.
   */
  top: string;
  /**
   * The quantized model file.
   */
  network: string;
  /**
   * The complete choice, as in plan.schema.json.
   */
  plan: {
    style: 'dense' | 'event';
    lanes: number;
    inputs: number;
    neurons: number;
    tokenBlock: number | null;
    weights: 'image' | 'stream' | 'external';
    widths: {
      [k: string]: number;
    };
    segments: number | string[];
    loopOrder: 'token' | 'group';
    weightBus: 64 | 128 | 256 | 512;
    lane: 'tree' | 'table';
    axialInputs?: number;
    planes?: 'own' | 'shared';
    adders?: 'binary' | 'ternary';
  };
  /**
   * Verilog sources, in the order in which tools read them.
   *
   * @minItems 1
   */
  files: string[];
  /**
   * Files that sources include.
   */
  includes: string[];
  /**
   * Images of the memories, read by $readmemh.
   */
  memories: {
    kind: 'weights' | 'parameters' | 'tokens' | 'head-bias' | 'program';
    /**
     * Name of the memory, as of its instance.
     */
    name: string;
    file: string;
    /**
     * Bits of a word.
     */
    width: number;
    /**
     * Words.
     */
    depth: number;
  }[];
  /**
   * Only if weights are read from external memory: what it must hold, from weights_base on.
   */
  externalWeights?: {
    /**
     * The bytes, little endian, in the order in which an image reads them.
     */
    file: string;
    bytes: number;
    /**
     * Bits of a beat.
     */
    busBits: number;
    /**
     * Bits of a word: lanes x inputs weights.
     */
    wordBits: number;
    /**
     * Whole beats of a word, its lowest bits first; 1 if it is narrower than one.
     */
    beatsPerWord: number;
    /**
     * Words behind each other in a beat, from its lowest bit on.
     */
    wordsPerBeat: number;
    /**
     * Words of an image.
     */
    words: number;
  };
  /**
   * SHA-256 of every file of the build but the manifest, by path, in hexadecimal.
   */
  digests: {
    [k: string]: string;
  };
  /**
   * Closed form, without stalls.
   */
  cyclesPerImage: number;
  /**
   * Only of a design for a board: its top is that of the board, with the accelerator inside.
   */
  board?: {
    name: string;
    /**
     * Top module of the accelerator.
     */
    accelerator: string;
    /**
     * Bits per second of the serial line.
     */
    baud: number;
    /**
     * Clock of the design.
     */
    clockKHz: number;
    /**
     * Oscillator cycles per cycle of the design.
     */
    divide: number;
    /**
     * Constraint files.
     */
    constraints: string[];
  };
}

/** The JSON Schema (draft-07) of {@link Manifest}. */
export const manifestSchema = {
  "$schema": "http://json-schema.org/draft-07/schema#",
  "title": "Manifest",
  "description": "What a generated build holds and how it was made. All paths are relative to the manifest.",
  "type": "object",
  "additionalProperties": false,
  "required": [
    "manifestVersion",
    "generator",
    "top",
    "network",
    "plan",
    "files",
    "includes",
    "memories",
    "digests",
    "cyclesPerImage"
  ],
  "properties": {
    "manifestVersion": {
      "const": 1
    },
    "generator": {
      "description": "Tool and version.",
      "type": "string"
    },
    "top": {
      "description": "Top module.",
      "type": "string",
      "pattern": "^[A-Za-z_][A-Za-z0-9_]*$"
    },
    "network": {
      "description": "The quantized model file.",
      "type": "string"
    },
    "plan": {
      "description": "The complete choice, as in plan.schema.json.",
      "type": "object",
      "additionalProperties": false,
      "required": [
        "style",
        "lanes",
        "inputs",
        "neurons",
        "tokenBlock",
        "weights",
        "widths",
        "segments",
        "loopOrder",
        "weightBus",
        "lane"
      ],
      "properties": {
        "style": {
          "enum": [
            "dense",
            "event"
          ]
        },
        "lanes": {
          "type": "integer",
          "minimum": 1
        },
        "inputs": {
          "type": "integer",
          "minimum": 1
        },
        "neurons": {
          "type": "integer",
          "minimum": 1
        },
        "tokenBlock": {
          "type": [
            "integer",
            "null"
          ],
          "minimum": 1
        },
        "weights": {
          "enum": [
            "image",
            "stream",
            "external"
          ]
        },
        "widths": {
          "type": "object",
          "additionalProperties": {
            "type": "integer",
            "minimum": 1,
            "maximum": 32
          }
        },
        "segments": {
          "oneOf": [
            {
              "type": "integer",
              "minimum": 1
            },
            {
              "type": "array",
              "items": {
                "type": "string"
              },
              "minItems": 1
            }
          ]
        },
        "loopOrder": {
          "enum": [
            "token",
            "group"
          ]
        },
        "weightBus": {
          "enum": [
            64,
            128,
            256,
            512
          ]
        },
        "lane": {
          "enum": [
            "tree",
            "table"
          ]
        },
        "axialInputs": {
          "type": "integer",
          "minimum": 2
        },
        "planes": {
          "enum": [
            "own",
            "shared"
          ]
        },
        "adders": {
          "enum": [
            "binary",
            "ternary"
          ]
        }
      }
    },
    "files": {
      "description": "Verilog sources, in the order in which tools read them.",
      "type": "array",
      "minItems": 1,
      "items": {
        "type": "string"
      }
    },
    "includes": {
      "description": "Files that sources include.",
      "type": "array",
      "items": {
        "type": "string"
      }
    },
    "memories": {
      "description": "Images of the memories, read by $readmemh.",
      "type": "array",
      "items": {
        "type": "object",
        "additionalProperties": false,
        "required": [
          "kind",
          "name",
          "file",
          "width",
          "depth"
        ],
        "properties": {
          "kind": {
            "enum": [
              "weights",
              "parameters",
              "tokens",
              "head-bias",
              "program"
            ]
          },
          "name": {
            "description": "Name of the memory, as of its instance.",
            "type": "string"
          },
          "file": {
            "type": "string"
          },
          "width": {
            "description": "Bits of a word.",
            "type": "integer",
            "minimum": 1
          },
          "depth": {
            "description": "Words.",
            "type": "integer",
            "minimum": 1
          }
        }
      }
    },
    "externalWeights": {
      "description": "Only if weights are read from external memory: what it must hold, from weights_base on.",
      "type": "object",
      "additionalProperties": false,
      "required": [
        "file",
        "bytes",
        "busBits",
        "wordBits",
        "beatsPerWord",
        "wordsPerBeat",
        "words"
      ],
      "properties": {
        "file": {
          "description": "The bytes, little endian, in the order in which an image reads them.",
          "type": "string"
        },
        "bytes": {
          "type": "integer",
          "minimum": 1
        },
        "busBits": {
          "description": "Bits of a beat.",
          "type": "integer",
          "minimum": 1
        },
        "wordBits": {
          "description": "Bits of a word: lanes x inputs weights.",
          "type": "integer",
          "minimum": 1
        },
        "beatsPerWord": {
          "description": "Whole beats of a word, its lowest bits first; 1 if it is narrower than one.",
          "type": "integer",
          "minimum": 1
        },
        "wordsPerBeat": {
          "description": "Words behind each other in a beat, from its lowest bit on.",
          "type": "integer",
          "minimum": 1
        },
        "words": {
          "description": "Words of an image.",
          "type": "integer",
          "minimum": 1
        }
      }
    },
    "digests": {
      "description": "SHA-256 of every file of the build but the manifest, by path, in hexadecimal.",
      "type": "object",
      "additionalProperties": {
        "type": "string",
        "pattern": "^[0-9a-f]{64}$"
      }
    },
    "cyclesPerImage": {
      "description": "Closed form, without stalls.",
      "type": "integer",
      "minimum": 1
    },
    "board": {
      "description": "Only of a design for a board: its top is that of the board, with the accelerator inside.",
      "type": "object",
      "additionalProperties": false,
      "required": [
        "name",
        "accelerator",
        "baud",
        "clockKHz",
        "divide",
        "constraints"
      ],
      "properties": {
        "name": {
          "type": "string"
        },
        "accelerator": {
          "description": "Top module of the accelerator.",
          "type": "string"
        },
        "baud": {
          "description": "Bits per second of the serial line.",
          "type": "integer",
          "minimum": 1
        },
        "clockKHz": {
          "description": "Clock of the design.",
          "type": "integer",
          "minimum": 1
        },
        "divide": {
          "description": "Oscillator cycles per cycle of the design.",
          "type": "integer",
          "minimum": 1
        },
        "constraints": {
          "description": "Constraint files.",
          "type": "array",
          "items": {
            "type": "string"
          }
        }
      }
    }
  }
} as const;
