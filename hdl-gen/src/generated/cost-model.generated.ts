// Generated from schema/cost-model.schema.json by `npm run generate`; do not edit.

/**
 * mathjs expression over the parameters of the module, its quantities in the library file, and the definitions in front of it.
 */
export type Formula = string;

/**
 * What the modules of the Verilog library cost on one device family. Formulas are mathjs expressions; see docs/cost-model.md.
 */
export interface CostModel {
  $schema?: string;
  /**
   * As in the device records.
   */
  family: 'ice40' | 'ecp5' | 'xilinx-7series' | 'xilinx-ultrascale-plus';
  /**
   * What the constants were fitted to.
   */
  description: string;
  /**
   * What is counted as one of each.
   */
  counts: {
    lut: string;
    ff: string;
    carry: string;
    blockRam: string;
  };
  /**
   * What the coefficients were fitted to.
   */
  calibration?: {
    /**
     * With its version.
     */
    tool: string;
    /**
     * Whole accelerators.
     */
    designs: number;
  };
  /**
   * How far the formulas are from synthesis over those designs: deviation of the totals without its sign, in percent.
   */
  error?: {
    lut: Deviation;
    ff: Deviation;
    blockRam: Deviation;
  };
  memory: MemoryRules;
  /**
   * By name of the library module.
   */
  modules: {
    [k: string]: Module;
  };
}
export interface Deviation {
  median: number;
  worst: number;
}
/**
 * How synthesis places a memory: as whatever costs least, in a unit of its own. Formulas are over Width, Depth, Rows (memories behind each other) and, of a table of constants, Columns (bits of a word that are not constant and differ from each other), Balance (share of their rarer value, 1 for random contents) and Tables (look-up tables of six inputs for these columns).
 */
export interface MemoryRules {
  fit?: Coefficients;
  blockRam: {
    /**
     * Of one block, parity included.
     */
    bits: number;
    cost: number;
    /**
     * Bits that stay together where words behind each other share a block.
     */
    sliceBits: number;
    /**
     * Shapes that a block can take with one port to read and one to write.
     *
     * @minItems 1
     */
    modes: Shape[];
  };
  /**
   * Small memories made of LUTs that can be written; null where there are none.
   */
  lutRam: {
    /**
     * Of one such memory.
     */
    lut: number;
    cost: number;
    /**
     * @minItems 1
     */
    modes: Shape[];
    /**
     * Whether synthesis counts the bits that are used, or whole memories, when it compares.
     */
    countsUsedBits: boolean;
  } | null;
  /**
   * Of a constant bit that becomes logic.
   */
  romBitCost: number;
  /**
   * Of a bit that becomes a flip-flop.
   */
  ramBitCost: number;
  /**
   * LUTs of a table of constants.
   */
  romLut: string;
  /**
   * LUTs around a memory of flip-flops.
   */
  registerLut: string;
  /**
   * LUTs around a memory that is read at once, where it is no LUT RAM: InBlocks is 1 in block RAM, 0 in flip-flops.
   */
  stateLut: string;
  /**
   * LUTs that choose among memories behind each other; Written and LutRam are 1 or 0.
   */
  selectLut: string;
}
/**
 * Fitted coefficients by name, for the formulas beside them: what theory leaves open. `spikemill estimate calibrate` fits them.
 */
export interface Coefficients {
  [k: string]: number;
}
export interface Shape {
  width: number;
  depth: number;
}
export interface Module {
  fit?: Coefficients;
  /**
   * Named intermediate results, in order.
   */
  definitions?: {
    [k: string]: Formula;
  };
  /**
   * mathjs expression over the parameters of the module, its quantities in the library file, and the definitions in front of it.
   */
  lut: string;
  carry: Formula;
  /**
   * mathjs expression over the parameters of the module, its quantities in the library file, and the definitions in front of it.
   */
  ff?: string;
  /**
   * mathjs expression over the parameters of the module, its quantities in the library file, and the definitions in front of it.
   */
  loneFf?: string;
}

/** The JSON Schema (draft-07) of {@link CostModel}. */
export const costModelSchema = {
  "$schema": "http://json-schema.org/draft-07/schema#",
  "$id": "cost-model.schema.json",
  "title": "CostModel",
  "description": "What the modules of the Verilog library cost on one device family. Formulas are mathjs expressions; see docs/cost-model.md.",
  "type": "object",
  "additionalProperties": false,
  "required": [
    "family",
    "description",
    "counts",
    "memory",
    "modules"
  ],
  "properties": {
    "$schema": {
      "type": "string"
    },
    "family": {
      "enum": [
        "ice40",
        "ecp5",
        "xilinx-7series",
        "xilinx-ultrascale-plus"
      ],
      "description": "As in the device records."
    },
    "description": {
      "type": "string",
      "description": "What the constants were fitted to."
    },
    "counts": {
      "description": "What is counted as one of each.",
      "type": "object",
      "additionalProperties": false,
      "required": [
        "lut",
        "ff",
        "carry",
        "blockRam"
      ],
      "properties": {
        "lut": {
          "type": "string"
        },
        "ff": {
          "type": "string"
        },
        "carry": {
          "type": "string"
        },
        "blockRam": {
          "type": "string"
        }
      }
    },
    "calibration": {
      "type": "object",
      "additionalProperties": false,
      "required": [
        "tool",
        "designs"
      ],
      "description": "What the coefficients were fitted to.",
      "properties": {
        "tool": {
          "type": "string",
          "description": "With its version."
        },
        "designs": {
          "type": "integer",
          "minimum": 1,
          "description": "Whole accelerators."
        }
      }
    },
    "error": {
      "type": "object",
      "additionalProperties": false,
      "required": [
        "lut",
        "ff",
        "blockRam"
      ],
      "description": "How far the formulas are from synthesis over those designs: deviation of the totals without its sign, in percent.",
      "properties": {
        "lut": {
          "$ref": "#/definitions/deviation"
        },
        "ff": {
          "$ref": "#/definitions/deviation"
        },
        "blockRam": {
          "$ref": "#/definitions/deviation"
        }
      }
    },
    "memory": {
      "$ref": "#/definitions/memoryRules"
    },
    "modules": {
      "type": "object",
      "description": "By name of the library module.",
      "additionalProperties": {
        "$ref": "#/definitions/module"
      }
    }
  },
  "definitions": {
    "coefficients": {
      "type": "object",
      "description": "Fitted coefficients by name, for the formulas beside them: what theory leaves open. `spikemill estimate calibrate` fits them.",
      "additionalProperties": {
        "type": "number"
      }
    },
    "formula": {
      "type": "string",
      "minLength": 1,
      "description": "mathjs expression over the parameters of the module, its quantities in the library file, and the definitions in front of it."
    },
    "module": {
      "type": "object",
      "additionalProperties": false,
      "required": [
        "lut",
        "carry"
      ],
      "properties": {
        "fit": {
          "$ref": "#/definitions/coefficients"
        },
        "definitions": {
          "type": "object",
          "description": "Named intermediate results, in order.",
          "additionalProperties": {
            "$ref": "#/definitions/formula"
          }
        },
        "lut": {
          "$ref": "#/definitions/formula",
          "description": "Without memories."
        },
        "carry": {
          "$ref": "#/definitions/formula"
        },
        "ff": {
          "$ref": "#/definitions/formula",
          "description": "Where they are not those of the library file."
        },
        "loneFf": {
          "$ref": "#/definitions/formula",
          "description": "Flip-flops that no LUT of their own feeds, for families where such a one takes a LUT away. Ff stands for all of them."
        }
      }
    },
    "shape": {
      "type": "object",
      "additionalProperties": false,
      "required": [
        "width",
        "depth"
      ],
      "properties": {
        "width": {
          "type": "integer",
          "minimum": 1
        },
        "depth": {
          "type": "integer",
          "minimum": 1
        }
      }
    },
    "memoryRules": {
      "type": "object",
      "additionalProperties": false,
      "description": "How synthesis places a memory: as whatever costs least, in a unit of its own. Formulas are over Width, Depth, Rows (memories behind each other) and, of a table of constants, Columns (bits of a word that are not constant and differ from each other), Balance (share of their rarer value, 1 for random contents) and Tables (look-up tables of six inputs for these columns).",
      "required": [
        "blockRam",
        "lutRam",
        "romBitCost",
        "ramBitCost",
        "romLut",
        "registerLut",
        "stateLut",
        "selectLut"
      ],
      "properties": {
        "fit": {
          "$ref": "#/definitions/coefficients"
        },
        "blockRam": {
          "type": "object",
          "additionalProperties": false,
          "required": [
            "bits",
            "cost",
            "modes",
            "sliceBits"
          ],
          "properties": {
            "bits": {
              "type": "integer",
              "minimum": 1,
              "description": "Of one block, parity included."
            },
            "cost": {
              "type": "number",
              "minimum": 0
            },
            "sliceBits": {
              "type": "integer",
              "minimum": 1,
              "description": "Bits that stay together where words behind each other share a block."
            },
            "modes": {
              "type": "array",
              "minItems": 1,
              "items": {
                "$ref": "#/definitions/shape"
              },
              "description": "Shapes that a block can take with one port to read and one to write."
            }
          }
        },
        "lutRam": {
          "description": "Small memories made of LUTs that can be written; null where there are none.",
          "oneOf": [
            {
              "type": "object",
              "additionalProperties": false,
              "required": [
                "lut",
                "cost",
                "modes",
                "countsUsedBits"
              ],
              "properties": {
                "lut": {
                  "type": "integer",
                  "minimum": 1,
                  "description": "Of one such memory."
                },
                "cost": {
                  "type": "number",
                  "minimum": 0
                },
                "modes": {
                  "type": "array",
                  "minItems": 1,
                  "items": {
                    "$ref": "#/definitions/shape"
                  }
                },
                "countsUsedBits": {
                  "type": "boolean",
                  "description": "Whether synthesis counts the bits that are used, or whole memories, when it compares."
                }
              }
            },
            {
              "type": "null"
            }
          ]
        },
        "romBitCost": {
          "type": "number",
          "minimum": 0,
          "description": "Of a constant bit that becomes logic."
        },
        "ramBitCost": {
          "type": "number",
          "minimum": 0,
          "description": "Of a bit that becomes a flip-flop."
        },
        "romLut": {
          "$ref": "#/definitions/formula",
          "description": "LUTs of a table of constants."
        },
        "registerLut": {
          "$ref": "#/definitions/formula",
          "description": "LUTs around a memory of flip-flops."
        },
        "stateLut": {
          "$ref": "#/definitions/formula",
          "description": "LUTs around a memory that is read at once, where it is no LUT RAM: InBlocks is 1 in block RAM, 0 in flip-flops."
        },
        "selectLut": {
          "$ref": "#/definitions/formula",
          "description": "LUTs that choose among memories behind each other; Written and LutRam are 1 or 0."
        }
      }
    },
    "deviation": {
      "type": "object",
      "additionalProperties": false,
      "required": [
        "median",
        "worst"
      ],
      "properties": {
        "median": {
          "type": "number",
          "minimum": 0
        },
        "worst": {
          "type": "number",
          "minimum": 0
        }
      }
    }
  }
} as const;
