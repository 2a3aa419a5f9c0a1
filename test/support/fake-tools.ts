/** Programs that stand for synthesis tools: what they answer is told by environment variables. */
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { newFolder } from './designs.js';

const FAKES: Readonly<Record<string, string>> = {
  // FAKE_YOSYS: version; FAKE_LUTS, FAKE_DSPS: cells of the netlist
  yosys: `
if [ "$1" = -V ]; then echo "Yosys \${FAKE_YOSYS:-9.0} (fake)"; exit 0; fi
log=$3
echo fake > "$log"
[ -n "$FAKE_YOSYS_ERROR" ] && { echo "ERROR: $FAKE_YOSYS_ERROR"; exit 1; }
{
  echo '{"modules": {"smx_pinless": {"attributes": {"top": "1"}, "cells": {"u_accelerator": {"type": "core"}}}, "core": {"cells": {'
  i=0
  while [ $i -lt \${FAKE_LUTS:-3} ]; do echo "\\"u_part.l$i\\": {\\"type\\": \\"SB_LUT4\\"},"; i=$((i + 1)); done
  [ -n "$FAKE_DSPS" ] && echo '"u_part.m": {"type": "SB_MAC16"},'
  echo '"u_part.q": {"type": "SB_DFF"}}}}}'
} > netlist.json`,
  // FAKE_PLACE: overflow, killed, memory, slow, broken; else 100 MHz
  'nextpnr-ice40': `
if [ "$1" = --version ]; then echo 'nextpnr-ice40 (Version 9.1-fake)' >&2; exit 0; fi
echo 'Info: Packing LUT-FFs..' >&2
case "$FAKE_PLACE" in
  overflow) echo 'Info: 	ICESTORM_LC:  8000/ 7680   104%' >&2; echo 'ERROR: Unable to place cell' >&2; exit 255 ;;
  killed) kill -9 $$ ;;
  memory) echo 'terminate called after throwing an instance of std::bad_alloc' >&2; exit 134 ;;
  broken) echo 'ERROR: routing failed' >&2; exit 1 ;;
  slow) echo $$ > "$FAKE_PID"; sleep 30 ;;
esac
echo design > design.asc
echo '{"modules": {"top": {"cells": {"u_accelerator.u_part.l0_LC": {"type": "ICESTORM_LC"}}}}}' > placed.json
echo '{"fmax": {"clk": {"achieved": 100}}, "utilization": {"ICESTORM_LC": {"used": 4, "available": 7680}}}' > report.json`,
  icepack: 'echo bits > "$2"',
};

/** A folder with the fakes to put on PATH. */
export function makeFakeTools(names: readonly string[] = Object.keys(FAKES)): string {
  const folder = newFolder();
  mkdirSync(folder, { recursive: true });
  for (const name of names) {
    const path = join(folder, name);
    writeFileSync(path, `#!/bin/sh\n${FAKES[name]!.trim()}\n`);
    chmodSync(path, 0o755);
  }
  return folder;
}
