/** Serial ports that are none. A port that works is in test/plugins/board/line.test.ts. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SpikemillError } from '@spikemill/golden-model';
import { openSerialPort } from '@spikemill/host';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { makeTemporaryFolder } from '../support/temporary-folder.js';

async function refusal(path: string, baud = 115_200): Promise<string> {
  try {
    await (await openSerialPort(path, baud)).close();
  } catch (error) {
    if (!(error instanceof SpikemillError)) throw error;
    assert.is(error.code, 'BOARD');
    return error.describe();
  }
  throw new Error(`${path} was opened`);
}

test('a device that is not there', async () => {
  assert.match(await refusal('/dev/ttyUSB-none'), /cannot be opened[\s\S]*\/dev\/ttyUSB-none[\s\S]*plugged in/);
});

test('a file and a folder are no serial ports, and stay as they are', async () => {
  const folder = makeTemporaryFolder();
  const file = join(folder, 'port');
  writeFileSync(file, 'text');
  assert.match(await refusal(file), 'this is no device');
  assert.match(await refusal(folder), 'this is no device');
});

test('a device that is no terminal', async () => {
  assert.match(await refusal('/dev/null'), /cannot be set up[\s\S]*115200 bits per second/);
});

test.run();
