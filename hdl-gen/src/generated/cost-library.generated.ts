// Generated from schema/cost-library.schema.json by `npm run generate`; do not edit.

/**
 * mathjs expression over the parameters of the module and the quantities in front of it.
 */
export type Formula = string;

/**
 * What the modules of the Verilog library consist of on every device. Formulas are mathjs expressions; see docs/cost-model.md.
 */
export interface CostLibrary {
  $schema?: string;
  /**
   * By name of the library module: those that a generated top instantiates. With :ternary behind it: the module with ternary adders.
   */
  modules: {
    [k: string]: Module;
  };
}
export interface Module {
  /**
   * Named sizes that the formulas of all families build on, in order.
   */
  quantities?: {
    [k: string]: Formula;
  };
  /**
   * mathjs expression over the parameters of the module and the quantities in front of it.
   */
  ff: string;
  memories?: {
    kind: 'ram' | 'rom';
    /**
     * mathjs expression over the parameters of the module and the quantities in front of it.
     */
    count: string;
    /**
     * mathjs expression over the parameters of the module and the quantities in front of it.
     */
    width: string;
    /**
     * mathjs expression over the parameters of the module and the quantities in front of it.
     */
    depth: string;
    /**
     * mathjs expression over the parameters of the module and the quantities in front of it.
     */
    writeWidth?: string;
    /**
     * Where an attribute puts it: block RAM.
     */
    place?: 'block';
    /**
     * Read in the cycle of the address, and not one later: LUT RAM where there is some.
     */
    read?: 'at-once';
    /**
     * What logic has to add to a block RAM, as synthesis counts it: reading past a write, a reset.
     */
    emulated?: number;
  }[];
}

/** The JSON Schema (draft-07) of {@link CostLibrary}. */
export const costLibrarySchema = {
  "$schema": "http://json-schema.org/draft-07/schema#",
  "$id": "cost-library.schema.json",
  "title": "CostLibrary",
  "description": "What the modules of the Verilog library consist of on every device. Formulas are mathjs expressions; see docs/cost-model.md.",
  "type": "object",
  "additionalProperties": false,
  "required": [
    "modules"
  ],
  "properties": {
    "$schema": {
      "type": "string"
    },
    "modules": {
      "type": "object",
      "description": "By name of the library module: those that a generated top instantiates. With :ternary behind it: the module with ternary adders.",
      "additionalProperties": {
        "$ref": "#/definitions/module"
      }
    }
  },
  "definitions": {
    "formula": {
      "type": "string",
      "minLength": 1,
      "description": "mathjs expression over the parameters of the module and the quantities in front of it."
    },
    "module": {
      "type": "object",
      "additionalProperties": false,
      "required": [
        "ff"
      ],
      "properties": {
        "quantities": {
          "type": "object",
          "description": "Named sizes that the formulas of all families build on, in order.",
          "additionalProperties": {
            "$ref": "#/definitions/formula"
          }
        },
        "ff": {
          "$ref": "#/definitions/formula",
          "description": "Registers, without those of memories that become logic."
        },
        "memories": {
          "type": "array",
          "items": {
            "type": "object",
            "additionalProperties": false,
            "required": [
              "kind",
              "count",
              "width",
              "depth"
            ],
            "properties": {
              "kind": {
                "enum": [
                  "ram",
                  "rom"
                ]
              },
              "count": {
                "$ref": "#/definitions/formula",
                "description": "Equal memories beside each other."
              },
              "width": {
                "$ref": "#/definitions/formula",
                "description": "Bits of a word."
              },
              "depth": {
                "$ref": "#/definitions/formula",
                "description": "Words."
              },
              "writeWidth": {
                "$ref": "#/definitions/formula",
                "description": "Bits that are written at once, if not whole words: they stay together."
              },
              "place": {
                "enum": [
                  "block"
                ],
                "description": "Where an attribute puts it: block RAM."
              },
              "read": {
                "enum": [
                  "at-once"
                ],
                "description": "Read in the cycle of the address, and not one later: LUT RAM where there is some."
              },
              "emulated": {
                "type": "integer",
                "minimum": 0,
                "default": 1,
                "description": "What logic has to add to a block RAM, as synthesis counts it: reading past a write, a reset."
              }
            }
          }
        }
      }
    }
  }
} as const;
