/** The probes of a design with several segments: what smx_harness.v includes. */
import { engineConstants, makeProgram, type SegmentPlan, segmentsOf } from '@spikemill/hdl-gen';
import type { Build } from './build.js';

export const PROBES_FILE = 'smx_probes.vh';

const WORD_BITS = 32;

/** A signal as a number of 32 bits. */
function extended(signal: string, bits: number): string {
  return bits === WORD_BITS ? signal : `{{${WORD_BITS - bits}{1'b0}}, ${signal}}`;
}

/** An assignment to the share of a segment. */
function share(name: string, segment: number, bits: number, value: string): string {
  const part = bits === 1 ? `[${segment}]` : `[${segment * bits} +: ${bits}]`;
  return `    assign ${name}${part} = ${value};`;
}

function probeSegment(build: Build, plan: SegmentPlan, segment: number): string[] {
  const constants = engineConstants(build.network, plan, makeProgram(plan));
  const { lanes, timesteps, neurons } = plan.grid;
  const path = `u_dut.u_segment_${segment}`;
  const word = lanes * timesteps;
  const padding = (8 - (word % 8)) % 8;
  const data = padding === 0 ? `${path}.spike_write_data` : `{${padding}'d0, ${path}.spike_write_data}`;
  const currentBits = constants.CurrentBits!;
  const currents = Array.from({ length: neurons }, (_, unit) => {
    const signal = `${path}.u_neuron_unit.g_neuron[${unit}].current`;
    const sign = `{${WORD_BITS - currentBits}{${signal}[${currentBits - 1}]}}`;
    const value = currentBits === WORD_BITS ? signal : `{${sign}, ${signal}}`;
    return share('current_data', segment * neurons + unit, WORD_BITS, value);
  });
  return [
    share('image_done', segment, 1, `${path}.image_done`),
    share('cycles', segment, WORD_BITS, `${path}.cycles`),
    share('stalls', segment, WORD_BITS, `${path}.stalls`),
    share('spike_write', segment, 1, `${path}.spike_write`),
    share('spike_pass', segment, WORD_BITS, extended(`${path}.pass`, constants.PassBits!)),
    share('spike_row', segment, WORD_BITS, extended(`${path}.spike_write_row`, constants.RowBits!)),
    share('spike_word', segment, WORD_BITS, extended(`${path}.spike_write_word`, constants.WordSelectBits!)),
    share('spike_data', segment, word + padding, data),
    share('current_valid', segment, 1, `${path}.u_neuron_unit.current_valid`),
    ...currents,
  ];
}

/** Text of the file; empty for a design of one engine. */
export function probeText(build: Build): string {
  const lines = segmentsOf(build.plan).flatMap((plan, segment) => probeSegment(build, plan, segment));
  return lines.length === 0 ? '' : `// Probes of ${segmentsOf(build.plan).length} segments.\n${lines.join('\n')}\n`;
}
