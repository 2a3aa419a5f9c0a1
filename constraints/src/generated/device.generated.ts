// Generated from schema/device.schema.json by `npm run generate`; do not edit.

/**
 * What a programmable device offers. Counts are those of the whole device; nothing is taken off for processors, debug cores or routing.
 */
export interface Device {
  $schema?: string;
  /**
   * Name on the command line; also the name of the file.
   */
  name: string;
  /**
   * Vendor and full name.
   */
  description: string;
  /**
   * Devices of a family are built of the same cells and share one cost model.
   */
  family: 'ice40' | 'ecp5' | 'xilinx-7series' | 'xilinx-ultrascale-plus';
  /**
   * Inputs of a look-up table.
   */
  lutInputs: 4 | 6;
  luts: number;
  flipFlops: number;
  /**
   * A flip-flop can only be fed through the LUT of its own cell: one that is fed by anything else takes that LUT away.
   */
  pairedCells: boolean;
  /**
   * LUTs that can serve as small memories.
   */
  lutRamLuts: number;
  blockRam: Memory;
  /**
   * Larger memories that have to be asked for: single-port RAM of UltraPlus, UltraRAM. null: none.
   */
  largeRam: Memory1 | null;
  /**
   * Hard multipliers. Generated designs use none.
   */
  multipliers: number;
  clock: {
    /**
     * Clock that estimates assume where none is given.
     */
    megahertz: number;
    /**
     * Where the figure comes from, and how far it can be trusted.
     */
    note: string;
  };
  /**
   * Document that states the counts.
   */
  source: string;
}
/**
 * Dual-port block memories, in the smallest unit that is used alone.
 */
export interface Memory {
  /**
   * Name of the cell.
   */
  kind: string;
  /**
   * Of one memory, parity included.
   */
  bits: number;
  count: number;
}
export interface Memory1 {
  /**
   * Name of the cell.
   */
  kind: string;
  /**
   * Of one memory, parity included.
   */
  bits: number;
  count: number;
}

/** The JSON Schema (draft-07) of {@link Device}. */
export const deviceSchema = {
  "$schema": "http://json-schema.org/draft-07/schema#",
  "$id": "device.schema.json",
  "title": "Device",
  "description": "What a programmable device offers. Counts are those of the whole device; nothing is taken off for processors, debug cores or routing.",
  "type": "object",
  "additionalProperties": false,
  "required": [
    "name",
    "description",
    "family",
    "lutInputs",
    "luts",
    "flipFlops",
    "pairedCells",
    "lutRamLuts",
    "blockRam",
    "largeRam",
    "multipliers",
    "clock",
    "source"
  ],
  "properties": {
    "$schema": {
      "type": "string"
    },
    "name": {
      "type": "string",
      "pattern": "^[a-z0-9]+(-[a-z0-9]+)*$",
      "description": "Name on the command line; also the name of the file."
    },
    "description": {
      "type": "string",
      "description": "Vendor and full name."
    },
    "family": {
      "enum": [
        "ice40",
        "ecp5",
        "xilinx-7series",
        "xilinx-ultrascale-plus"
      ],
      "description": "Devices of a family are built of the same cells and share one cost model."
    },
    "lutInputs": {
      "enum": [
        4,
        6
      ],
      "description": "Inputs of a look-up table."
    },
    "luts": {
      "type": "integer",
      "minimum": 1
    },
    "flipFlops": {
      "type": "integer",
      "minimum": 1
    },
    "pairedCells": {
      "type": "boolean",
      "description": "A flip-flop can only be fed through the LUT of its own cell: one that is fed by anything else takes that LUT away."
    },
    "lutRamLuts": {
      "type": "integer",
      "minimum": 0,
      "description": "LUTs that can serve as small memories."
    },
    "blockRam": {
      "$ref": "#/definitions/memory",
      "description": "Dual-port block memories, in the smallest unit that is used alone."
    },
    "largeRam": {
      "oneOf": [
        {
          "$ref": "#/definitions/memory"
        },
        {
          "type": "null"
        }
      ],
      "description": "Larger memories that have to be asked for: single-port RAM of UltraPlus, UltraRAM. null: none."
    },
    "multipliers": {
      "type": "integer",
      "minimum": 0,
      "description": "Hard multipliers. Generated designs use none."
    },
    "clock": {
      "type": "object",
      "additionalProperties": false,
      "required": [
        "megahertz",
        "note"
      ],
      "properties": {
        "megahertz": {
          "type": "number",
          "exclusiveMinimum": 0,
          "description": "Clock that estimates assume where none is given."
        },
        "note": {
          "type": "string",
          "description": "Where the figure comes from, and how far it can be trusted."
        }
      }
    },
    "source": {
      "type": "string",
      "description": "Document that states the counts."
    }
  },
  "definitions": {
    "memory": {
      "type": "object",
      "additionalProperties": false,
      "required": [
        "kind",
        "bits",
        "count"
      ],
      "properties": {
        "kind": {
          "type": "string",
          "description": "Name of the cell."
        },
        "bits": {
          "type": "integer",
          "minimum": 1,
          "description": "Of one memory, parity included."
        },
        "count": {
          "type": "integer",
          "minimum": 1
        }
      }
    }
  }
} as const;
