// Generated from schema/technology.schema.json by `npm run generate`; do not edit.

/**
 * What the events of an accelerator cost in a technology. A model, not a measurement; all in picojoules.
 */
export interface Technology {
  $schema?: string;
  name: string;
  /**
   * What the figures stand for, and what they leave out.
   */
  description: string;
  /**
   * Where every figure comes from, and how it was derived.
   *
   * @minItems 1
   */
  sources: string[];
  /**
   * An adder, for each bit of its registered result that changes.
   */
  pjPerAdderBit: number;
  /**
   * One bit of an on-chip memory, read or written.
   */
  pjPerMemoryBit: number;
}

/** The JSON Schema (draft-07) of {@link Technology}. */
export const technologySchema = {
  "$schema": "http://json-schema.org/draft-07/schema#",
  "$id": "technology.schema.json",
  "title": "Technology",
  "description": "What the events of an accelerator cost in a technology. A model, not a measurement; all in picojoules.",
  "type": "object",
  "additionalProperties": false,
  "required": [
    "name",
    "description",
    "sources",
    "pjPerAdderBit",
    "pjPerMemoryBit"
  ],
  "properties": {
    "$schema": {
      "type": "string"
    },
    "name": {
      "type": "string",
      "pattern": "^[a-z0-9-]+$"
    },
    "description": {
      "type": "string",
      "minLength": 1,
      "description": "What the figures stand for, and what they leave out."
    },
    "sources": {
      "type": "array",
      "minItems": 1,
      "items": {
        "type": "string",
        "minLength": 1
      },
      "description": "Where every figure comes from, and how it was derived."
    },
    "pjPerAdderBit": {
      "type": "number",
      "minimum": 0,
      "description": "An adder, for each bit of its registered result that changes."
    },
    "pjPerMemoryBit": {
      "type": "number",
      "minimum": 0,
      "description": "One bit of an on-chip memory, read or written."
    }
  }
} as const;
