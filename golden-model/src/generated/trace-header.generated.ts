// Generated from schema/trace-header.schema.json by `npm run generate`; do not edit.

/**
 * Header of a trace file: what every image has in it, and where. See docs/trace-format.md.
 */
export interface TraceHeader {
  version: 1;
  /**
   * SHA-256 of the quantized model file as this tool writes it.
   */
  networkDigest: string;
  images: number;
  timesteps: number;
  /**
   * Bytes of each image, all its sections.
   */
  imageBytes: number;
  /**
   * @minItems 1
   */
  sections: {
    kind: 'pixels' | 'spikes' | 'membranes' | 'logits';
    /**
     * Name of the LIF; pixels and logits have their own.
     */
    name: string;
    /**
     * Little-endian. bit: channel c is bit c modulo 8 of byte floor(c / 8) of its row.
     */
    dtype: 'bit' | 'u8' | 'i16' | 'i32';
    /**
     * Timesteps; 1 for pixels and logits.
     */
    rounds: number;
    height: number;
    width: number;
    channels: number;
    /**
     * Bytes of one row: all channels of one token.
     */
    rowBytes: number;
    /**
     * From the start of the image.
     */
    offset: number;
    /**
     * rounds * height * width * rowBytes.
     */
    bytes: number;
  }[];
}

/** The JSON Schema (draft-07) of {@link TraceHeader}. */
export const traceHeaderSchema = {
  "$schema": "http://json-schema.org/draft-07/schema#",
  "$id": "trace-header.schema.json",
  "title": "TraceHeader",
  "description": "Header of a trace file: what every image has in it, and where. See docs/trace-format.md.",
  "type": "object",
  "additionalProperties": false,
  "required": [
    "version",
    "networkDigest",
    "images",
    "timesteps",
    "imageBytes",
    "sections"
  ],
  "properties": {
    "version": {
      "const": 1
    },
    "networkDigest": {
      "type": "string",
      "pattern": "^[0-9a-f]{64}$",
      "description": "SHA-256 of the quantized model file as this tool writes it."
    },
    "images": {
      "type": "integer",
      "minimum": 1
    },
    "timesteps": {
      "type": "integer",
      "minimum": 1,
      "maximum": 16
    },
    "imageBytes": {
      "type": "integer",
      "minimum": 1,
      "description": "Bytes of each image, all its sections."
    },
    "sections": {
      "type": "array",
      "minItems": 1,
      "items": {
        "type": "object",
        "additionalProperties": false,
        "required": [
          "kind",
          "name",
          "dtype",
          "rounds",
          "height",
          "width",
          "channels",
          "rowBytes",
          "offset",
          "bytes"
        ],
        "properties": {
          "kind": {
            "enum": [
              "pixels",
              "spikes",
              "membranes",
              "logits"
            ]
          },
          "name": {
            "type": "string",
            "description": "Name of the LIF; pixels and logits have their own."
          },
          "dtype": {
            "enum": [
              "bit",
              "u8",
              "i16",
              "i32"
            ],
            "description": "Little-endian. bit: channel c is bit c modulo 8 of byte floor(c / 8) of its row."
          },
          "rounds": {
            "type": "integer",
            "minimum": 1,
            "description": "Timesteps; 1 for pixels and logits."
          },
          "height": {
            "type": "integer",
            "minimum": 1
          },
          "width": {
            "type": "integer",
            "minimum": 1
          },
          "channels": {
            "type": "integer",
            "minimum": 1
          },
          "rowBytes": {
            "type": "integer",
            "minimum": 1,
            "description": "Bytes of one row: all channels of one token."
          },
          "offset": {
            "type": "integer",
            "minimum": 0,
            "description": "From the start of the image."
          },
          "bytes": {
            "type": "integer",
            "minimum": 1,
            "description": "rounds * height * width * rowBytes."
          }
        }
      }
    }
  }
} as const;
