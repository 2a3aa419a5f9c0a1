import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { describeOverflow, overflowsAmong } from '../../synthesis/src/fit.js';
import { overflowsOf } from '../../synthesis/src/place.js';
import { parseReport } from '../../synthesis/src/placer-report.js';

const segment = (type: string, delay: number, from: string, to: string) => ({
  type,
  delay,
  from: { cell: from },
  to: { cell: to },
});

const CORE = 'clk$SB_IO_IN_$glb_clk';
const REPORT = {
  fmax: { fast: { achieved: 200 }, [CORE]: { achieved: 75.5 } },
  utilization: { ICESTORM_LC: { used: 10, available: 7680 } },
  critical_paths: [
    { from: `posedge ${CORE}`, to: '<async>', path: [] },
    {
      from: `posedge ${CORE}`,
      to: `posedge ${CORE}`,
      path: [
        // nextpnr 0.4 swaps the ends of the first segment
        segment('clk-to-q', 0.5, 'u_dest.x_LC', 'u_source.q_DFFLC'),
        segment('routing', 1.5, 'u_source.q_DFFLC', 'u_dest.g_x[2].u_lif.x_LC'),
        segment('logic', 0.25, 'u_dest.g_x[2].u_lif.x_LC', 'u_dest.g_x[2].u_lif.x_LC'),
        segment('routing', 0.5, 'u_dest.g_x[2].u_lif.x_LC', '$nextpnr_ICESTORM_LC_2'),
        segment('logic', 0.25, '$nextpnr_ICESTORM_LC_2', '$nextpnr_ICESTORM_LC_2'),
      ],
    },
  ],
};

test('the slowest clock, and its path from module to module', () => {
  const report = parseReport(JSON.stringify(REPORT), 'report.json');
  assert.is(report.fmaxMegahertz, 75.5);
  assert.equal(report.utilisation, { ICESTORM_LC: { used: 10, available: 7680 } });
  assert.equal(report.criticalPath, [
    { module: 'u_source', logicNs: 0.5, routingNs: 1.5, cells: 1 },
    { module: 'u_dest/g_x[2].u_lif', logicNs: 0.5, routingNs: 0.5, cells: 2 },
  ]);
});

test('a design without a clock has no fmax; what is no report is refused', () => {
  assert.equal(parseReport('{"utilization": {}}', 'x'), { fmaxMegahertz: null, utilisation: {}, criticalPath: [] });
  assert.throws(() => parseReport('{}', 'x'), /no report of nextpnr/);
});

test('what the placer prints says which resource is used up, and by how much', () => {
  const output = [
    'Info: Device utilisation:',
    'Info: \t         ICESTORM_LC:  5198/ 7680    67%',
    'Info: \t        ICESTORM_RAM:    46/   32   143%',
    'ERROR: Unable to place cell',
  ].join('\n');
  assert.equal(overflowsOf(output), [{ resource: 'ICESTORM_RAM', used: 46, available: 32 }]);
  assert.is(describeOverflow(overflowsOf(output)[0]!), 'ICESTORM_RAM: 46 of 32, 14 too many');
  assert.equal(overflowsAmong([{ resource: 'LUT', used: 5, available: 5 }]), []);
});

test.run();
