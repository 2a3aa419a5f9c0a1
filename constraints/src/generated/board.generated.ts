// Generated from schema/board.schema.json by `npm run generate`; do not edit.

/**
 * Name of the package pin.
 */
export type Pin = string;
/**
 * I/O standard.
 */
export type Standard = string;

/**
 * A board: its device, and the pins that the demonstration over the serial line uses. Directions are the device's: uart.rx is an input of the device.
 */
export interface Board {
  $schema?: string;
  /**
   * Name on the command line; also the name of the file.
   */
  name: string;
  /**
   * Maker, name and revision.
   */
  description: string;
  /**
   * Name of the device's record in data/devices.
   */
  device: string;
  /**
   * Full part number with package, as vendor tools take it.
   */
  part: string;
  /**
   * Options of nextpnr that name die, package and speed. null: nextpnr does not know the device.
   */
  nextpnr: string[] | null;
  clock: {
    /**
     * One pin, or the positive and the negative one of a differential pair.
     *
     * @minItems 1
     * @maxItems 2
     */
    pins: Pin[];
    standard: Standard;
    /**
     * Of the oscillator.
     */
    megahertz: number;
    /**
     * The design runs at this fraction of the oscillator where nothing else is asked for.
     */
    divide: number;
    verified: Verified;
  };
  uart: {
    /**
     * Name of the package pin.
     */
    rx: string;
    /**
     * Name of the package pin.
     */
    tx: string;
    standard: Standard;
    /**
     * How the line reaches the host.
     */
    connection: string;
    verified: Verified;
  };
  /**
   * An LED that is lit while an image is worked on.
   */
  led: SimplePin | null;
  /**
   * A button that resets the design. null: power-on reset only.
   */
  reset: SimplePin | null;
  /**
   * Command or tool that loads a bitstream FILE.
   */
  program: string;
  /**
   * How far this record was tried here. No record was tried on hardware.
   */
  checked: {
    /**
     * bitstream: a design was placed, routed and packed with these pins. files: constraint files are written, no tool here reads them.
     */
    level: 'bitstream' | 'files';
    note: string;
  };
  /**
   * Public documents that state the pins.
   *
   * @minItems 1
   */
  sources: string[];
}
export interface Verified {
  /**
   * Independent public sources that agree. disputed: sources contradict each other. unverified: a conclusion, stated nowhere.
   */
  level: 'two-sources' | 'one-source' | 'disputed' | 'unverified';
  note: string;
}
export interface SimplePin {
  pin: Pin;
  standard: Standard;
  /**
   * Lit or pressed at a low level.
   */
  activeLow: boolean;
  verified: Verified;
}

/** The JSON Schema (draft-07) of {@link Board}. */
export const boardSchema = {
  "$schema": "http://json-schema.org/draft-07/schema#",
  "$id": "board.schema.json",
  "title": "Board",
  "description": "A board: its device, and the pins that the demonstration over the serial line uses. Directions are the device's: uart.rx is an input of the device.",
  "type": "object",
  "additionalProperties": false,
  "required": [
    "name",
    "description",
    "device",
    "part",
    "nextpnr",
    "clock",
    "uart",
    "led",
    "reset",
    "program",
    "checked",
    "sources"
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
      "description": "Maker, name and revision."
    },
    "device": {
      "type": "string",
      "description": "Name of the device's record in data/devices."
    },
    "part": {
      "type": "string",
      "description": "Full part number with package, as vendor tools take it."
    },
    "nextpnr": {
      "oneOf": [
        {
          "type": "array",
          "minItems": 1,
          "items": {
            "type": "string"
          }
        },
        {
          "type": "null"
        }
      ],
      "description": "Options of nextpnr that name die, package and speed. null: nextpnr does not know the device."
    },
    "clock": {
      "type": "object",
      "additionalProperties": false,
      "required": [
        "pins",
        "standard",
        "megahertz",
        "divide",
        "verified"
      ],
      "properties": {
        "pins": {
          "type": "array",
          "minItems": 1,
          "maxItems": 2,
          "items": {
            "$ref": "#/definitions/pin"
          },
          "description": "One pin, or the positive and the negative one of a differential pair."
        },
        "standard": {
          "$ref": "#/definitions/standard"
        },
        "megahertz": {
          "type": "number",
          "exclusiveMinimum": 0,
          "description": "Of the oscillator."
        },
        "divide": {
          "$ref": "#/definitions/divide",
          "description": "The design runs at this fraction of the oscillator where nothing else is asked for."
        },
        "verified": {
          "$ref": "#/definitions/verified"
        }
      }
    },
    "uart": {
      "type": "object",
      "additionalProperties": false,
      "required": [
        "rx",
        "tx",
        "standard",
        "connection",
        "verified"
      ],
      "properties": {
        "rx": {
          "$ref": "#/definitions/pin",
          "description": "Into the device."
        },
        "tx": {
          "$ref": "#/definitions/pin",
          "description": "Out of the device."
        },
        "standard": {
          "$ref": "#/definitions/standard"
        },
        "connection": {
          "type": "string",
          "description": "How the line reaches the host."
        },
        "verified": {
          "$ref": "#/definitions/verified"
        }
      }
    },
    "led": {
      "oneOf": [
        {
          "$ref": "#/definitions/simplePin"
        },
        {
          "type": "null"
        }
      ],
      "description": "An LED that is lit while an image is worked on."
    },
    "reset": {
      "oneOf": [
        {
          "$ref": "#/definitions/simplePin"
        },
        {
          "type": "null"
        }
      ],
      "description": "A button that resets the design. null: power-on reset only."
    },
    "program": {
      "type": "string",
      "description": "Command or tool that loads a bitstream FILE."
    },
    "checked": {
      "type": "object",
      "additionalProperties": false,
      "required": [
        "level",
        "note"
      ],
      "description": "How far this record was tried here. No record was tried on hardware.",
      "properties": {
        "level": {
          "enum": [
            "bitstream",
            "files"
          ],
          "description": "bitstream: a design was placed, routed and packed with these pins. files: constraint files are written, no tool here reads them."
        },
        "note": {
          "type": "string"
        }
      }
    },
    "sources": {
      "type": "array",
      "minItems": 1,
      "items": {
        "type": "string"
      },
      "description": "Public documents that state the pins."
    }
  },
  "definitions": {
    "pin": {
      "type": "string",
      "pattern": "^[A-Z]{0,2}[0-9]{1,3}$",
      "description": "Name of the package pin."
    },
    "standard": {
      "type": "string",
      "pattern": "^[A-Z0-9_]+$",
      "description": "I/O standard."
    },
    "divide": {
      "type": "integer",
      "minimum": 1
    },
    "verified": {
      "type": "object",
      "additionalProperties": false,
      "required": [
        "level",
        "note"
      ],
      "properties": {
        "level": {
          "enum": [
            "two-sources",
            "one-source",
            "disputed",
            "unverified"
          ],
          "description": "Independent public sources that agree. disputed: sources contradict each other. unverified: a conclusion, stated nowhere."
        },
        "note": {
          "type": "string"
        }
      }
    },
    "simplePin": {
      "type": "object",
      "additionalProperties": false,
      "required": [
        "pin",
        "standard",
        "activeLow",
        "verified"
      ],
      "properties": {
        "pin": {
          "$ref": "#/definitions/pin"
        },
        "standard": {
          "$ref": "#/definitions/standard"
        },
        "activeLow": {
          "type": "boolean",
          "description": "Lit or pressed at a low level."
        },
        "verified": {
          "$ref": "#/definitions/verified"
        }
      }
    }
  }
} as const;
