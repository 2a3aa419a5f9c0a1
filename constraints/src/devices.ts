/** The devices that estimates know: one JSON file each in data/devices. */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseJson, SpikemillError, validateJson } from '@spikemill/golden-model';
import { type Device, deviceSchema } from './generated/device.generated.js';

export type { Device } from './generated/device.generated.js';
export type DeviceFamily = Device['family'];

const FOLDER = new URL('../data/devices/', import.meta.url);
const EXTENSION = '.json';

/**
 * @param text JSON of schema/device.schema.json.
 * @param where the file, for messages.
 * @throws SpikemillError INVALID_CONFIG that names what is wrong.
 */
export function parseDevice(text: string, where: string): Device {
  return validateJson<Device>(deviceSchema, parseJson(text, where), where);
}

let devices: readonly Device[] | undefined;

/** All devices, by family and size. */
export function listDevices(): readonly Device[] {
  devices ??= readdirSync(fileURLToPath(FOLDER))
    .filter((file) => file.endsWith(EXTENSION))
    .map((file) => parseDevice(readFileSync(new URL(file, FOLDER), 'utf8'), file))
    .sort((a, b) => compare(a.family, b.family) || a.luts - b.luts || compare(a.name, b.name));
  return devices;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Devices that begin alike. */
function nearest(name: string): string[] {
  const lower = name.toLowerCase();
  for (let length = lower.length; length >= 2; length--) {
    const alike = listDevices().filter((known) => known.name.startsWith(lower.slice(0, length)));
    if (alike.length > 0) return [alike.map((known) => known.name).join(', ')];
  }
  return ['spikemill estimate MODEL compares all of them'];
}

/**
 * @param name of a device, in letters of any case.
 * @throws SpikemillError USAGE that lists the known ones.
 */
export function findDevice(name: string, where = '--device'): Device {
  const device = listDevices().find((candidate) => candidate.name === name.toLowerCase());
  if (device !== undefined) return device;
  throw new SpikemillError('USAGE', 'there is no record of this device', {
    where,
    expected: `one of ${listDevices()
      .map((known) => known.name)
      .join(', ')}`,
    actual: name,
    suggestions: nearest(name),
  });
}
