// Generated from schema/activity.schema.json by `npm run generate`; do not edit.

/**
 * What changed in a simulation: the JSON that `spikemill verify run --toggles --json` prints, of which this is the part that is used.
 */
export interface Activity {
  /**
   * Whose results came out.
   */
  images: number;
  /**
   * Of the network and the plan that were simulated.
   */
  planDigest: string;
  /**
   * Bits that changed from one clock cycle to the next, of the whole run.
   */
  toggles: {
    /**
     * Of the spike array.
     */
    accumulators: number;
    /**
     * Of the plane array.
     */
    planeAccumulators: number;
    /**
     * Words out of the memory of the spike array.
     */
    weights: number;
    /**
     * Words out of the memory of the plane array.
     */
    planeWeights: number;
    /**
     * Offered to the spike array.
     */
    spikes: number;
    /**
     * Inputs of the LIFs, sign-extended to 32 bits.
     */
    currents: number;
  };
  [k: string]: unknown;
}

/** The JSON Schema (draft-07) of {@link Activity}. */
export const activitySchema = {
  "$schema": "http://json-schema.org/draft-07/schema#",
  "$id": "activity.schema.json",
  "title": "Activity",
  "description": "What changed in a simulation: the JSON that `spikemill verify run --toggles --json` prints, of which this is the part that is used.",
  "type": "object",
  "required": [
    "images",
    "planDigest",
    "toggles"
  ],
  "properties": {
    "images": {
      "type": "integer",
      "minimum": 1,
      "description": "Whose results came out."
    },
    "planDigest": {
      "type": "string",
      "description": "Of the network and the plan that were simulated."
    },
    "toggles": {
      "description": "Bits that changed from one clock cycle to the next, of the whole run.",
      "type": "object",
      "additionalProperties": false,
      "required": [
        "accumulators",
        "planeAccumulators",
        "weights",
        "planeWeights",
        "spikes",
        "currents"
      ],
      "properties": {
        "accumulators": {
          "type": "integer",
          "minimum": 0,
          "description": "Of the spike array."
        },
        "planeAccumulators": {
          "type": "integer",
          "minimum": 0,
          "description": "Of the plane array."
        },
        "weights": {
          "type": "integer",
          "minimum": 0,
          "description": "Words out of the memory of the spike array."
        },
        "planeWeights": {
          "type": "integer",
          "minimum": 0,
          "description": "Words out of the memory of the plane array."
        },
        "spikes": {
          "type": "integer",
          "minimum": 0,
          "description": "Offered to the spike array."
        },
        "currents": {
          "type": "integer",
          "minimum": 0,
          "description": "Inputs of the LIFs, sign-extended to 32 bits."
        }
      }
    }
  }
} as const;
