// Generated from schema/clock-measured.schema.json by `npm run generate`; do not edit.

/**
 * Clocks that designs reached when they were placed; `spikemill estimate calibrate --clock` writes it.
 */
export interface PlacedDesigns {
  family: string;
  /**
   * Synthesis and placer with their versions, device, seed.
   */
  tool: string;
  designs: {
    /**
     * The design is drawn by it.
     */
    seed: number;
    /**
     * For people.
     */
    title: string;
    /**
     * Digest of everything that the clock depends on.
     */
    key: string;
    megahertz: number;
    /**
     * Instances that the slowest path runs through. For people.
     */
    path: string[];
  }[];
}

/** The JSON Schema (draft-07) of {@link PlacedDesigns}. */
export const clockMeasuredSchema = {
  "$schema": "http://json-schema.org/draft-07/schema#",
  "$id": "clock-measured.schema.json",
  "title": "PlacedDesigns",
  "description": "Clocks that designs reached when they were placed; `spikemill estimate calibrate --clock` writes it.",
  "type": "object",
  "additionalProperties": false,
  "required": [
    "family",
    "tool",
    "designs"
  ],
  "properties": {
    "family": {
      "type": "string"
    },
    "tool": {
      "type": "string",
      "description": "Synthesis and placer with their versions, device, seed."
    },
    "designs": {
      "type": "array",
      "items": {
        "type": "object",
        "additionalProperties": false,
        "required": [
          "seed",
          "title",
          "key",
          "megahertz",
          "path"
        ],
        "properties": {
          "seed": {
            "type": "integer",
            "minimum": 0,
            "description": "The design is drawn by it."
          },
          "title": {
            "type": "string",
            "description": "For people."
          },
          "key": {
            "type": "string",
            "description": "Digest of everything that the clock depends on."
          },
          "megahertz": {
            "type": "number",
            "exclusiveMinimum": 0
          },
          "path": {
            "type": "array",
            "items": {
              "type": "string"
            },
            "description": "Instances that the slowest path runs through. For people."
          }
        }
      }
    }
  }
} as const;
