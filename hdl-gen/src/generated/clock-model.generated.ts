// Generated from schema/clock-model.schema.json by `npm run generate`; do not edit.

/**
 * Delays of the paths that may set the clock of an accelerator on one device family. Formulas are mathjs expressions; see docs/clock-model.md.
 */
export interface ClockModel {
  /**
   * As in the device records.
   */
  family: 'ice40' | 'ecp5';
  description: string;
  /**
   * Devices of the speed that was placed; the first is the one.
   *
   * @minItems 1
   */
  devices: string[];
  /**
   * Coefficients as one would guess them from the placer's own delays, in nanoseconds. The fit stays near them where no design says otherwise.
   */
  prior: {
    [k: string]: number;
  };
  /**
   * Fitted coefficients, in nanoseconds.
   */
  fit: {
    [k: string]: number;
  };
  paths: {
    dense: Paths;
    event: Paths;
  };
  calibration?: {
    /**
     * Placer with its version.
     */
    tool: string;
    /**
     * Placed accelerators.
     */
    designs: number;
  };
  /**
   * Deviation of the clock from that of the designs, without sign, in percent.
   */
  error?: {
    median: number;
    worst: number;
  };
}
/**
 * Delay of each path in nanoseconds; the slowest sets the clock.
 */
export interface Paths {
  [k: string]: string;
}

/** The JSON Schema (draft-07) of {@link ClockModel}. */
export const clockModelSchema = {
  "$schema": "http://json-schema.org/draft-07/schema#",
  "$id": "clock-model.schema.json",
  "title": "ClockModel",
  "description": "Delays of the paths that may set the clock of an accelerator on one device family. Formulas are mathjs expressions; see docs/clock-model.md.",
  "type": "object",
  "additionalProperties": false,
  "required": [
    "family",
    "description",
    "devices",
    "prior",
    "fit",
    "paths"
  ],
  "properties": {
    "family": {
      "enum": [
        "ice40",
        "ecp5"
      ],
      "description": "As in the device records."
    },
    "description": {
      "type": "string"
    },
    "devices": {
      "type": "array",
      "items": {
        "type": "string"
      },
      "minItems": 1,
      "description": "Devices of the speed that was placed; the first is the one."
    },
    "prior": {
      "type": "object",
      "description": "Coefficients as one would guess them from the placer's own delays, in nanoseconds. The fit stays near them where no design says otherwise.",
      "additionalProperties": {
        "type": "number",
        "exclusiveMinimum": 0
      }
    },
    "fit": {
      "type": "object",
      "description": "Fitted coefficients, in nanoseconds.",
      "additionalProperties": {
        "type": "number",
        "minimum": 0
      }
    },
    "paths": {
      "type": "object",
      "additionalProperties": false,
      "required": [
        "dense",
        "event"
      ],
      "properties": {
        "dense": {
          "$ref": "#/definitions/paths"
        },
        "event": {
          "$ref": "#/definitions/paths"
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
      "properties": {
        "tool": {
          "type": "string",
          "description": "Placer with its version."
        },
        "designs": {
          "type": "integer",
          "minimum": 1,
          "description": "Placed accelerators."
        }
      }
    },
    "error": {
      "type": "object",
      "additionalProperties": false,
      "required": [
        "median",
        "worst"
      ],
      "description": "Deviation of the clock from that of the designs, without sign, in percent.",
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
  },
  "definitions": {
    "paths": {
      "type": "object",
      "description": "Delay of each path in nanoseconds; the slowest sets the clock.",
      "additionalProperties": {
        "type": "string"
      }
    }
  }
} as const;
