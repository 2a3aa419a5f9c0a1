// Generated from schema/estimate-report.schema.json by `npm run generate`; do not edit.

/**
 * What `spikemill estimate --json` prints. Every part says how its figures are known; cells are counts, shares are of 1.
 */
export interface EstimateReportFile {
  /**
   * The build folder or the model.
   */
  source: string;
  /**
   * As in plan.json, complete.
   */
  plan: {
    [k: string]: unknown;
  };
  /**
   * Closed form; the counter of the design.
   */
  cyclesPerImage: number;
  timing: {
    /**
     * In the event-driven style cycles depend on what spikes: at most, or the mean over the images.
     */
    basis: 'closed form' | 'closed form, at most' | 'golden model, mean' | 'firing rates, mean';
    cyclesPerImage: number;
    inputCycles: number;
    outputCycles: number;
    intervalCycles: number;
    binding: string;
    latencyToClass: number;
    latencyToLastLogit: number;
    [k: string]: unknown;
  };
  /**
   * Cycles of the images, exact, where they depend on what spikes: in the event-driven style with images.
   */
  cycleSpread: {
    images: number;
    mean: number;
    min: number;
    max: number;
  } | null;
  device: {
    name: string;
    title: string;
    family: string;
  } | null;
  clock: {
    megahertz: number;
    basis: string;
    [k: string]: unknown;
  } | null;
  /**
   * What is not plausible in what was asked.
   */
  warnings: string[];
  framesPerSecond: number | null;
  latencyMicroseconds: number | null;
  resources: {
    /**
     * How the cells are known.
     */
    basis: 'analytic' | 'synthesized' | 'placed';
    /**
     * Deviation of totals from synthesis over the calibration of the family, in percent; null: not calibrated.
     */
    error: {
      lut: {
        median: number;
        worst: number;
      };
      ff: {
        median: number;
        worst: number;
      };
      blockRam: {
        median: number;
        worst: number;
      };
    } | null;
    lut: number;
    lutRam: number;
    ff: number;
    loneFf: number;
    carry: number;
    blockRam: number;
    instances: {
      name: string;
      module: string;
      lut: number;
      lutRam: number;
      ff: number;
      loneFf: number;
      carry: number;
      blockRam: number;
      [k: string]: unknown;
    }[];
    tree: Node;
  } | null;
  fit: {
    fits: boolean;
    uses: {
      resource: string;
      used: number;
      available: number;
      share: number;
    }[];
    binding: {
      resource: string;
      used: number;
      available: number;
      share: number;
    };
  } | null;
  /**
   * All known devices; null if one is named.
   */
  devices:
    | {
        [k: string]: unknown;
      }[]
    | null;
  utilisation: {
    layers: {
      name: string;
      kind: string;
      cycles: number;
      operandCycles: number;
      waitingCycles: number;
      overheadCycles: number;
      binding: string;
      utilisation: number;
      filledLanes: number;
      denseOperations: number;
      physicalOperations: number;
      effectiveOperations: number | null;
      [k: string]: unknown;
    }[];
    denseOperations: number;
    physicalOperations: number;
    effectiveOperations: number | null;
    operationsPerCycle: {
      /**
       * Adders of the spike array.
       */
      peak: number;
      /**
       * Additions fed with operands, padding counted.
       */
      physical: number;
      /**
       * Additions that the network defines.
       */
      dense: number;
      /**
       * Additions of set spikes; null without images.
       */
      effective: number | null;
    };
    /**
     * Busy lane-cycles over all.
     */
    laneUtilisation: number;
    /**
     * Dense operations over peak.
     */
    adderUtilisation: number;
    [k: string]: unknown;
  };
  /**
   * Per layer the cycles that each part would need alone.
   */
  roofline: {
    name: string;
    kind: string;
    cycles: number;
    demands: {
      lanes: number;
      'weight port': number;
      'spike port': number;
      'neuron unit': number;
      'residual port': number;
      external: number;
      [k: string]: unknown;
    };
    binding: string;
    share: number;
  }[];
  memory: {
    memories: {
      [k: string]: unknown;
    }[];
    totalBits: number;
  };
  /**
   * What an image reads from external memory; null if all weights are on chip.
   */
  externalWeights: null | {
    busBits: number;
    wordBits: number;
    tiles: number;
    bytesPerImage: number;
    /**
     * If every tile was read once.
     */
    bytesOfWeights: number;
    /**
     * 1: every tile once per image.
     */
    readsPerTile: number;
    ringBits: number;
    burstBytes: number;
    meanBytesPerCycle: number;
    /**
     * So that every tile comes while the one before it is used.
     */
    peakBytesPerCycle: number;
    memory: {
      /**
       * Cycles from a burst to its first beat.
       */
      latency: number;
      /**
       * null: a beat in every cycle.
       */
      bytesPerCycle: number | null;
    };
    /**
     * Fewest whole bytes a cycle at that latency with which no image waits, exact; null: it waits at any.
     */
    leastBytesPerCycle: number | null;
    /**
     * That an image waits for weights at this memory, images back to back; exact.
     */
    stallCycles: number;
  };
  /**
   * Picojoules per image; null without images.
   */
  energy: {
    basis: 'energy model';
    total: number;
    layers: {
      name: string;
      total: number;
    }[];
    model: {
      [k: string]: unknown;
    };
    [k: string]: unknown;
  } | null;
  /**
   * Images behind effective operations and energy.
   */
  images: number | null;
  /**
   * Picojoules per image on this hardware: a model, see docs/cost-model.md.
   */
  hardwareEnergy: {
    basis: 'model';
    technology: {
      [k: string]: unknown;
    };
    memories: {
      name: string;
      read: number;
      written: number;
      energy: number;
    }[];
    /**
     * null: not simulated; the total is of the memories alone.
     */
    adders: {
      bitsChanged: number;
      images: number;
      energy: number;
    } | null;
    total: number;
  };
}
/**
 * A part of the accelerator; the sum of its children if it has any.
 */
export interface Node {
  name: string;
  detail: string;
  lut: number;
  lutRam: number;
  ff: number;
  loneFf: number;
  carry: number;
  blockRam: number;
  children: Node[];
}

/** The JSON Schema (draft-07) of {@link EstimateReportFile}. */
export const estimateReportSchema = {
  "$schema": "http://json-schema.org/draft-07/schema#",
  "$id": "estimate-report.schema.json",
  "title": "EstimateReportFile",
  "description": "What `spikemill estimate --json` prints. Every part says how its figures are known; cells are counts, shares are of 1.",
  "type": "object",
  "additionalProperties": false,
  "required": [
    "source",
    "plan",
    "cyclesPerImage",
    "timing",
    "cycleSpread",
    "device",
    "clock",
    "warnings",
    "framesPerSecond",
    "latencyMicroseconds",
    "resources",
    "fit",
    "devices",
    "utilisation",
    "roofline",
    "memory",
    "externalWeights",
    "energy",
    "images",
    "hardwareEnergy"
  ],
  "properties": {
    "source": {
      "type": "string",
      "description": "The build folder or the model."
    },
    "plan": {
      "type": "object",
      "description": "As in plan.json, complete."
    },
    "cyclesPerImage": {
      "type": "number",
      "minimum": 0,
      "description": "Closed form; the counter of the design."
    },
    "timing": {
      "type": "object",
      "additionalProperties": true,
      "required": [
        "basis",
        "cyclesPerImage",
        "inputCycles",
        "outputCycles",
        "intervalCycles",
        "binding",
        "latencyToClass",
        "latencyToLastLogit"
      ],
      "properties": {
        "basis": {
          "enum": [
            "closed form",
            "closed form, at most",
            "golden model, mean",
            "firing rates, mean"
          ],
          "description": "In the event-driven style cycles depend on what spikes: at most, or the mean over the images."
        },
        "cyclesPerImage": {
          "type": "number",
          "minimum": 0
        },
        "inputCycles": {
          "type": "integer",
          "minimum": 0
        },
        "outputCycles": {
          "type": "integer",
          "minimum": 0
        },
        "intervalCycles": {
          "type": "number",
          "minimum": 0
        },
        "binding": {
          "type": "string"
        },
        "latencyToClass": {
          "type": "number",
          "minimum": 0
        },
        "latencyToLastLogit": {
          "type": "number",
          "minimum": 0
        }
      }
    },
    "cycleSpread": {
      "anyOf": [
        {
          "type": "object",
          "additionalProperties": false,
          "required": [
            "images",
            "mean",
            "min",
            "max"
          ],
          "properties": {
            "images": {
              "type": "integer",
              "minimum": 1
            },
            "mean": {
              "type": "number"
            },
            "min": {
              "type": "integer"
            },
            "max": {
              "type": "integer"
            }
          }
        },
        {
          "type": "null"
        }
      ],
      "description": "Cycles of the images, exact, where they depend on what spikes: in the event-driven style with images."
    },
    "device": {
      "anyOf": [
        {
          "type": "object",
          "additionalProperties": false,
          "required": [
            "name",
            "title",
            "family"
          ],
          "properties": {
            "name": {
              "type": "string"
            },
            "title": {
              "type": "string"
            },
            "family": {
              "type": "string"
            }
          }
        },
        {
          "type": "null"
        }
      ]
    },
    "clock": {
      "anyOf": [
        {
          "type": "object",
          "additionalProperties": true,
          "required": [
            "megahertz",
            "basis"
          ],
          "properties": {
            "megahertz": {
              "type": "number"
            },
            "basis": {
              "type": "string"
            }
          }
        },
        {
          "type": "null"
        }
      ]
    },
    "warnings": {
      "type": "array",
      "items": {
        "type": "string"
      },
      "description": "What is not plausible in what was asked."
    },
    "framesPerSecond": {
      "type": [
        "number",
        "null"
      ]
    },
    "latencyMicroseconds": {
      "type": [
        "number",
        "null"
      ]
    },
    "resources": {
      "anyOf": [
        {
          "type": "object",
          "additionalProperties": false,
          "required": [
            "basis",
            "error",
            "lut",
            "lutRam",
            "ff",
            "loneFf",
            "carry",
            "blockRam",
            "instances",
            "tree"
          ],
          "properties": {
            "basis": {
              "enum": [
                "analytic",
                "synthesized",
                "placed"
              ],
              "description": "How the cells are known."
            },
            "error": {
              "anyOf": [
                {
                  "type": "object",
                  "additionalProperties": false,
                  "required": [
                    "lut",
                    "ff",
                    "blockRam"
                  ],
                  "properties": {
                    "lut": {
                      "type": "object",
                      "additionalProperties": false,
                      "required": [
                        "median",
                        "worst"
                      ],
                      "properties": {
                        "median": {
                          "type": "number"
                        },
                        "worst": {
                          "type": "number"
                        }
                      }
                    },
                    "ff": {
                      "type": "object",
                      "additionalProperties": false,
                      "required": [
                        "median",
                        "worst"
                      ],
                      "properties": {
                        "median": {
                          "type": "number"
                        },
                        "worst": {
                          "type": "number"
                        }
                      }
                    },
                    "blockRam": {
                      "type": "object",
                      "additionalProperties": false,
                      "required": [
                        "median",
                        "worst"
                      ],
                      "properties": {
                        "median": {
                          "type": "number"
                        },
                        "worst": {
                          "type": "number"
                        }
                      }
                    }
                  }
                },
                {
                  "type": "null"
                }
              ],
              "description": "Deviation of totals from synthesis over the calibration of the family, in percent; null: not calibrated."
            },
            "lut": {
              "type": "integer",
              "minimum": 0
            },
            "lutRam": {
              "type": "integer",
              "minimum": 0
            },
            "ff": {
              "type": "integer",
              "minimum": 0
            },
            "loneFf": {
              "type": "integer",
              "minimum": 0
            },
            "carry": {
              "type": "integer",
              "minimum": 0
            },
            "blockRam": {
              "type": "integer",
              "minimum": 0
            },
            "instances": {
              "type": "array",
              "items": {
                "type": "object",
                "additionalProperties": true,
                "required": [
                  "name",
                  "module",
                  "lut",
                  "lutRam",
                  "ff",
                  "loneFf",
                  "carry",
                  "blockRam"
                ],
                "properties": {
                  "name": {
                    "type": "string"
                  },
                  "module": {
                    "type": "string"
                  },
                  "lut": {
                    "type": "integer",
                    "minimum": 0
                  },
                  "lutRam": {
                    "type": "integer",
                    "minimum": 0
                  },
                  "ff": {
                    "type": "integer",
                    "minimum": 0
                  },
                  "loneFf": {
                    "type": "integer",
                    "minimum": 0
                  },
                  "carry": {
                    "type": "integer",
                    "minimum": 0
                  },
                  "blockRam": {
                    "type": "integer",
                    "minimum": 0
                  }
                }
              }
            },
            "tree": {
              "$ref": "#/definitions/node"
            }
          }
        },
        {
          "type": "null"
        }
      ]
    },
    "fit": {
      "anyOf": [
        {
          "type": "object",
          "additionalProperties": false,
          "required": [
            "fits",
            "uses",
            "binding"
          ],
          "properties": {
            "fits": {
              "type": "boolean"
            },
            "uses": {
              "type": "array",
              "items": {
                "type": "object",
                "additionalProperties": false,
                "required": [
                  "resource",
                  "used",
                  "available",
                  "share"
                ],
                "properties": {
                  "resource": {
                    "type": "string"
                  },
                  "used": {
                    "type": "number"
                  },
                  "available": {
                    "type": "number"
                  },
                  "share": {
                    "type": "number"
                  }
                }
              }
            },
            "binding": {
              "type": "object",
              "additionalProperties": false,
              "required": [
                "resource",
                "used",
                "available",
                "share"
              ],
              "properties": {
                "resource": {
                  "type": "string"
                },
                "used": {
                  "type": "number"
                },
                "available": {
                  "type": "number"
                },
                "share": {
                  "type": "number"
                }
              }
            }
          }
        },
        {
          "type": "null"
        }
      ]
    },
    "devices": {
      "anyOf": [
        {
          "type": "array",
          "items": {
            "type": "object"
          }
        },
        {
          "type": "null"
        }
      ],
      "description": "All known devices; null if one is named."
    },
    "utilisation": {
      "type": "object",
      "additionalProperties": true,
      "required": [
        "layers",
        "denseOperations",
        "physicalOperations",
        "effectiveOperations",
        "operationsPerCycle",
        "laneUtilisation",
        "adderUtilisation"
      ],
      "properties": {
        "layers": {
          "type": "array",
          "items": {
            "type": "object",
            "additionalProperties": true,
            "required": [
              "name",
              "kind",
              "cycles",
              "operandCycles",
              "waitingCycles",
              "overheadCycles",
              "binding",
              "utilisation",
              "filledLanes",
              "denseOperations",
              "physicalOperations",
              "effectiveOperations"
            ],
            "properties": {
              "name": {
                "type": "string"
              },
              "kind": {
                "type": "string"
              },
              "cycles": {
                "type": "number",
                "minimum": 0
              },
              "operandCycles": {
                "type": "number",
                "minimum": 0
              },
              "waitingCycles": {
                "type": "number",
                "minimum": 0
              },
              "overheadCycles": {
                "type": "number",
                "minimum": 0
              },
              "binding": {
                "type": "string"
              },
              "utilisation": {
                "type": "number"
              },
              "filledLanes": {
                "type": "number"
              },
              "denseOperations": {
                "type": "number",
                "minimum": 0
              },
              "physicalOperations": {
                "type": "number",
                "minimum": 0
              },
              "effectiveOperations": {
                "type": [
                  "number",
                  "null"
                ]
              }
            }
          }
        },
        "denseOperations": {
          "type": "number",
          "minimum": 0
        },
        "physicalOperations": {
          "type": "number",
          "minimum": 0
        },
        "effectiveOperations": {
          "type": [
            "number",
            "null"
          ]
        },
        "operationsPerCycle": {
          "type": "object",
          "additionalProperties": false,
          "required": [
            "peak",
            "physical",
            "dense",
            "effective"
          ],
          "properties": {
            "peak": {
              "type": "number",
              "minimum": 0,
              "description": "Adders of the spike array."
            },
            "physical": {
              "type": "number",
              "description": "Additions fed with operands, padding counted."
            },
            "dense": {
              "type": "number",
              "description": "Additions that the network defines."
            },
            "effective": {
              "type": [
                "number",
                "null"
              ],
              "description": "Additions of set spikes; null without images."
            }
          }
        },
        "laneUtilisation": {
          "type": "number",
          "description": "Busy lane-cycles over all."
        },
        "adderUtilisation": {
          "type": "number",
          "description": "Dense operations over peak."
        }
      }
    },
    "roofline": {
      "type": "array",
      "items": {
        "type": "object",
        "additionalProperties": false,
        "required": [
          "name",
          "kind",
          "cycles",
          "demands",
          "binding",
          "share"
        ],
        "properties": {
          "name": {
            "type": "string"
          },
          "kind": {
            "type": "string"
          },
          "cycles": {
            "type": "number",
            "minimum": 0
          },
          "demands": {
            "type": "object",
            "additionalProperties": true,
            "required": [
              "lanes",
              "weight port",
              "spike port",
              "neuron unit",
              "residual port",
              "external"
            ],
            "properties": {
              "lanes": {
                "type": "number"
              },
              "weight port": {
                "type": "number"
              },
              "spike port": {
                "type": "number"
              },
              "neuron unit": {
                "type": "number"
              },
              "residual port": {
                "type": "number"
              },
              "external": {
                "type": "number"
              }
            }
          },
          "binding": {
            "type": "string"
          },
          "share": {
            "type": "number"
          }
        }
      },
      "description": "Per layer the cycles that each part would need alone."
    },
    "memory": {
      "type": "object",
      "additionalProperties": false,
      "required": [
        "memories",
        "totalBits"
      ],
      "properties": {
        "memories": {
          "type": "array",
          "items": {
            "type": "object"
          }
        },
        "totalBits": {
          "type": "integer",
          "minimum": 0
        }
      }
    },
    "externalWeights": {
      "description": "What an image reads from external memory; null if all weights are on chip.",
      "oneOf": [
        {
          "type": "null"
        },
        {
          "type": "object",
          "additionalProperties": false,
          "required": [
            "busBits",
            "wordBits",
            "tiles",
            "bytesPerImage",
            "bytesOfWeights",
            "readsPerTile",
            "ringBits",
            "burstBytes",
            "meanBytesPerCycle",
            "peakBytesPerCycle",
            "memory",
            "stallCycles",
            "leastBytesPerCycle"
          ],
          "properties": {
            "busBits": {
              "type": "integer",
              "minimum": 1
            },
            "wordBits": {
              "type": "integer",
              "minimum": 1
            },
            "tiles": {
              "type": "integer",
              "minimum": 1
            },
            "bytesPerImage": {
              "type": "integer",
              "minimum": 1
            },
            "bytesOfWeights": {
              "description": "If every tile was read once.",
              "type": "integer",
              "minimum": 1
            },
            "readsPerTile": {
              "description": "1: every tile once per image.",
              "type": "number",
              "minimum": 1
            },
            "ringBits": {
              "type": "integer",
              "minimum": 1
            },
            "burstBytes": {
              "type": "integer",
              "minimum": 1
            },
            "meanBytesPerCycle": {
              "type": "number",
              "minimum": 0
            },
            "peakBytesPerCycle": {
              "description": "So that every tile comes while the one before it is used.",
              "type": "number",
              "minimum": 0
            },
            "memory": {
              "type": "object",
              "additionalProperties": false,
              "required": [
                "latency",
                "bytesPerCycle"
              ],
              "properties": {
                "latency": {
                  "description": "Cycles from a burst to its first beat.",
                  "type": "integer",
                  "minimum": 1
                },
                "bytesPerCycle": {
                  "description": "null: a beat in every cycle.",
                  "type": [
                    "integer",
                    "null"
                  ],
                  "minimum": 1
                }
              }
            },
            "leastBytesPerCycle": {
              "description": "Fewest whole bytes a cycle at that latency with which no image waits, exact; null: it waits at any.",
              "type": [
                "integer",
                "null"
              ],
              "minimum": 1
            },
            "stallCycles": {
              "description": "That an image waits for weights at this memory, images back to back; exact.",
              "type": "integer",
              "minimum": 0
            }
          }
        }
      ]
    },
    "energy": {
      "anyOf": [
        {
          "type": "object",
          "additionalProperties": true,
          "required": [
            "basis",
            "total",
            "layers",
            "model"
          ],
          "properties": {
            "basis": {
              "const": "energy model"
            },
            "total": {
              "type": "number"
            },
            "layers": {
              "type": "array",
              "items": {
                "type": "object",
                "additionalProperties": false,
                "required": [
                  "name",
                  "total"
                ],
                "properties": {
                  "name": {
                    "type": "string"
                  },
                  "total": {
                    "type": "number"
                  }
                }
              }
            },
            "model": {
              "type": "object"
            }
          }
        },
        {
          "type": "null"
        }
      ],
      "description": "Picojoules per image; null without images."
    },
    "images": {
      "type": [
        "integer",
        "null"
      ],
      "description": "Images behind effective operations and energy."
    },
    "hardwareEnergy": {
      "type": "object",
      "description": "Picojoules per image on this hardware: a model, see docs/cost-model.md.",
      "additionalProperties": false,
      "required": [
        "basis",
        "technology",
        "memories",
        "adders",
        "total"
      ],
      "properties": {
        "basis": {
          "const": "model"
        },
        "technology": {
          "type": "object"
        },
        "memories": {
          "type": "array",
          "items": {
            "type": "object",
            "additionalProperties": false,
            "required": [
              "name",
              "read",
              "written",
              "energy"
            ],
            "properties": {
              "name": {
                "type": "string"
              },
              "read": {
                "type": "number"
              },
              "written": {
                "type": "number"
              },
              "energy": {
                "type": "number"
              }
            }
          }
        },
        "adders": {
          "anyOf": [
            {
              "type": "object",
              "additionalProperties": false,
              "required": [
                "bitsChanged",
                "images",
                "energy"
              ],
              "properties": {
                "bitsChanged": {
                  "type": "number"
                },
                "images": {
                  "type": "integer"
                },
                "energy": {
                  "type": "number"
                }
              }
            },
            {
              "type": "null"
            }
          ],
          "description": "null: not simulated; the total is of the memories alone."
        },
        "total": {
          "type": "number"
        }
      }
    }
  },
  "definitions": {
    "node": {
      "type": "object",
      "additionalProperties": false,
      "required": [
        "name",
        "detail",
        "lut",
        "lutRam",
        "ff",
        "loneFf",
        "carry",
        "blockRam",
        "children"
      ],
      "properties": {
        "name": {
          "type": "string"
        },
        "detail": {
          "type": "string"
        },
        "lut": {
          "type": "integer",
          "minimum": 0
        },
        "lutRam": {
          "type": "integer",
          "minimum": 0
        },
        "ff": {
          "type": "integer",
          "minimum": 0
        },
        "loneFf": {
          "type": "integer",
          "minimum": 0
        },
        "carry": {
          "type": "integer",
          "minimum": 0
        },
        "blockRam": {
          "type": "integer",
          "minimum": 0
        },
        "children": {
          "type": "array",
          "items": {
            "$ref": "#/definitions/node"
          }
        }
      },
      "description": "A part of the accelerator; the sum of its children if it has any."
    }
  }
} as const;
