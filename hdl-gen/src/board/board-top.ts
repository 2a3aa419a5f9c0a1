/** The generated top of a board: an accelerator on a serial line. Structure only, as in engine.ts. */
import type { BoardPorts } from '@spikemill/constraints';
import { ACCELERATOR_PORTS, fileParameter } from '../engine.js';
import type { LibraryModule } from '../verilog/library.js';
import type { Connection, Instance, Port, Structure, Wire } from '../verilog/structure.js';

/** What the top has to know of the accelerator that it holds. */
export interface BoardAccelerator {
  /** Name of its module. */
  readonly top: string;
  /** Paths of its memory images by kind, as in its manifest. */
  readonly images: Readonly<Record<string, string>>;
}

/** Constants of the top that parametrise the bridge; see smx_uart_bridge.v. */
export interface BridgeConstants {
  readonly ClocksPerBit: number;
  readonly TimeoutClocks: number;
  readonly Channels: number;
  readonly Height: number;
  readonly Width: number;
  readonly Classes: number;
  readonly Timesteps: number;
  readonly ClockKHz: number;
  readonly Digest0: number;
  readonly Digest1: number;
  readonly Digest2: number;
  readonly Digest3: number;
}

export interface BoardTopOptions {
  readonly name: string;
  /** Comment lines for both generated files. */
  readonly header: readonly string[];
  readonly accelerator: BoardAccelerator;
  /** Ports of the top; those that are left out are not built. */
  readonly ports: BoardPorts;
  /** Oscillator cycles per cycle of the design: 1 or even. */
  readonly divide: number;
  readonly ledActiveLow: boolean;
  readonly resetActiveLow: boolean;
  readonly bridge: BridgeConstants;
}

/** Net of the clock that the whole design runs on, and the register that drives it if it is divided. */
export const CORE_CLOCK = { net: 'clk_core', register: 'u_divide/g_divide.divided_q' } as const;

/** The header of an accelerator, without reading its file: every accelerator has the same ports. */
function acceleratorModule({ top, images }: BoardAccelerator): LibraryModule {
  const ports = ACCELERATOR_PORTS.map(({ name, direction, width }) => [name, { name, direction, width }] as const);
  const parameters = Object.entries(images).map(([kind, path]) => [fileParameter(kind), `"${path}"`] as const);
  return { name: top, parameters: new Map(parameters), ports: new Map(ports) };
}

function makePorts({ ports, bridge, divide }: BoardTopOptions): Port[] {
  const { clock, clockNegative, uartRx, uartTx, led, reset } = ports;
  const clockComment = divide === 1 ? `${bridge.ClockKHz} kHz` : `${bridge.ClockKHz * divide} kHz`;
  const candidates: readonly [string | undefined, Port['direction'], string][] = [
    [clock, 'input', clockComment],
    [clockNegative, 'input', 'negative half of the clock'],
    [uartRx, 'input', `from the host, 8N1, ${bridge.ClocksPerBit} clocks of the design a bit`],
    [uartTx, 'output', 'to the host'],
    [led, 'output', 'lit while an image is received or worked on'],
    [reset, 'input', 'button'],
  ];
  return candidates.flatMap(([name, direction, comment]) =>
    name === undefined ? [] : [{ name, direction, width: '1', comment }],
  );
}

/** Wires between the bridge and the accelerator: name, width, port of the bridge, port of the accelerator. */
const LINKS: readonly (readonly [name: string, width: string, bridge: string, accelerator: string])[] = [
  ['aresetn', '1', 'aresetn_o', 'aresetn'],
  ['image_tvalid', '1', 'm_axis_tvalid_o', 's_axis_image_tvalid'],
  ['image_tready', '1', 'm_axis_tready_i', 's_axis_image_tready'],
  ['image_tdata', '8', 'm_axis_tdata_o', 's_axis_image_tdata'],
  ['image_tlast', '1', 'm_axis_tlast_o', 's_axis_image_tlast'],
  ['result_tvalid', '1', 's_axis_tvalid_i', 'm_axis_result_tvalid'],
  ['result_tready', '1', 's_axis_tready_o', 'm_axis_result_tready'],
  ['result_tdata', '32', 's_axis_tdata_i', 'm_axis_result_tdata'],
  ['result_tlast', '1', 's_axis_tlast_i', 'm_axis_result_tlast'],
  ['image_done', '1', 'image_done_i', 'image_done'],
  ['cycles', '32', 'cycles_i', 'cycles'],
  ['stalls', '32', 'stalls_i', 'stalls'],
];

/** Outputs of the accelerator that nothing needs; lint takes the prefix for an excuse. */
const UNUSED = { busy: 'unused_busy', frame_error: 'unused_frame_error' } as const;

/** Wire from the bridge to the LED, if there is one. */
function busyWire({ led }: BoardPorts): string {
  return led === undefined ? 'unused_bridge_busy' : 'bridge_busy';
}

function makeWires({ ports }: BoardTopOptions): Wire[] {
  return [
    ...(ports.clockNegative === undefined ? [] : [{ name: 'clk_board', width: '1' }]),
    { name: CORE_CLOCK.net, width: '1', comment: 'clock of everything' },
    { name: 'rst', width: '1' },
    { name: busyWire(ports), width: '1' },
    ...LINKS.map(([name, width]) => ({ name, width })),
    ...Object.values(UNUSED).map((name) => ({ name, width: '1' })),
  ];
}

function clockInstances({ ports, resetActiveLow }: BoardTopOptions): Instance[] {
  const { clock, clockNegative, reset } = ports;
  const buffer: Instance[] =
    clockNegative === undefined
      ? []
      : [
          {
            module: 'smx_clock_differential',
            name: 'u_clock_pair',
            comment: 'the two pins of the clock',
            parameters: {},
            ports: { clk_p_i: clock, clk_n_i: clockNegative, clk_o: 'clk_board' },
          },
        ];
  return [
    ...buffer,
    {
      module: 'smx_clock_divide',
      name: 'u_divide',
      comment: 'clock of the design',
      parameters: { Divide: 'ClockDivide' },
      ports: { clk_i: clockNegative === undefined ? clock : 'clk_board', clk_o: CORE_CLOCK.net },
    },
    {
      module: 'smx_board_reset',
      name: 'u_reset',
      comment: reset === undefined ? 'reset after power-on' : 'reset after power-on and by the button',
      parameters: { ActiveLow: 'ResetActiveLow' },
      ports: {
        clk_i: CORE_CLOCK.net,
        button_i: reset ?? { constant: resetActiveLow ? 1 : 0 },
        rst_o: 'rst',
      },
    },
  ];
}

function bridgeInstance({ ports, bridge }: BoardTopOptions): Instance {
  const links = LINKS.map(([name, , port]): [string, Connection] => [port, name]);
  return {
    module: 'smx_uart_bridge',
    name: 'u_bridge',
    comment: 'frames of the serial line to and from AXI4-Stream',
    parameters: Object.fromEntries(Object.keys(bridge).map((name) => [name, name])),
    ports: {
      clk_i: CORE_CLOCK.net,
      rst_i: 'rst',
      rx_i: ports.uartRx ?? { constant: 1 },
      tx_o: ports.uartTx ?? null,
      busy_o: busyWire(ports),
      ...Object.fromEntries(links),
    },
  };
}

function acceleratorInstance({ accelerator, bridge }: BoardTopOptions): Instance {
  const { parameters } = acceleratorModule(accelerator);
  const links = LINKS.map(([name, , , port]): [string, Connection] => [port, name]);
  return {
    module: accelerator.top,
    name: 'u_accelerator',
    comment: `${bridge.Channels} x ${bridge.Height} x ${bridge.Width} pixels to ${bridge.Classes} classes`,
    parameters: Object.fromEntries([...parameters.keys()].map((name) => [name, name])),
    ports: { aclk: CORE_CLOCK.net, ...Object.fromEntries(links), ...UNUSED },
  };
}

function ledInstances({ ports }: BoardTopOptions): Instance[] {
  if (ports.led === undefined) return [];
  return [
    {
      module: 'smx_board_pin',
      name: 'u_led',
      comment: 'as the LED is wired',
      parameters: { Invert: 'LedActiveLow' },
      ports: { data_i: busyWire(ports), data_o: ports.led },
    },
  ];
}

/** Structure of the top of a board. */
export function makeBoardTop(options: BoardTopOptions): Structure {
  const { name, header, accelerator, divide, ledActiveLow, resetActiveLow, bridge } = options;
  return {
    name,
    header,
    constantsFile: `${name}_params.vh`,
    constants: {
      ClockDivide: divide,
      ResetActiveLow: resetActiveLow ? 1 : 0,
      ...(options.ports.led === undefined ? {} : { LedActiveLow: ledActiveLow ? 1 : 0 }),
      ...bridge,
    },
    strings: Object.fromEntries(Object.entries(accelerator.images).map(([kind, path]) => [fileParameter(kind), path])),
    ports: makePorts(options),
    wires: makeWires(options),
    instances: [
      ...clockInstances(options),
      bridgeInstance(options),
      acceleratorInstance(options),
      ...ledInstances(options),
    ],
    modules: [acceleratorModule(accelerator)],
  };
}
