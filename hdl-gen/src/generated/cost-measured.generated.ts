// Generated from schema/cost-measured.schema.json by `npm run generate`; do not edit.

/**
 * What synthesis made of the designs that a cost model is fitted to; `spikemill estimate calibrate` writes it.
 */
export interface MeasuredDesigns {
  family: string;
  /**
   * With its version.
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
     * Digest of everything that the cells depend on.
     */
    key: string;
    /**
     * LUT, flip-flops, carry cells and block RAM of every instance of the top.
     */
    cells: {
      [k: string]: number[];
    };
  }[];
}

/** The JSON Schema (draft-07) of {@link MeasuredDesigns}. */
export const costMeasuredSchema = {
  "$schema": "http://json-schema.org/draft-07/schema#",
  "$id": "cost-measured.schema.json",
  "title": "MeasuredDesigns",
  "description": "What synthesis made of the designs that a cost model is fitted to; `spikemill estimate calibrate` writes it.",
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
      "description": "With its version."
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
          "cells"
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
            "description": "Digest of everything that the cells depend on."
          },
          "cells": {
            "type": "object",
            "description": "LUT, flip-flops, carry cells and block RAM of every instance of the top.",
            "additionalProperties": {
              "type": "array",
              "items": {
                "type": "integer",
                "minimum": 0
              }
            }
          }
        }
      }
    }
  }
} as const;
