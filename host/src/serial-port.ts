/**
 * A serial port through the device file of the operating system. No native module: `stty` sets the line up, and reads
 * return after a tenth of a second at the latest, so that closing never waits for a byte that does not come.
 */
import { execFile } from 'node:child_process';
import { constants } from 'node:fs';
import { type FileHandle, open, stat } from 'node:fs/promises';
import { promisify } from 'node:util';
import { SpikemillError } from '@spikemill/golden-model';

/** A line that bytes can be sent and received on. */
export interface Line {
  write(bytes: Uint8Array): Promise<void>;
  /** Bytes that have arrived; none if nothing came for a short while. */
  read(): Promise<Uint8Array>;
  close(): Promise<void>;
}

const READ_BYTES = 4096;

/** 8N1, no handshake, no translation; `min 0 time 1`: a read returns what is there, or nothing after 0.1 s. */
const SETTINGS =
  'raw -echo -echoe -echok cs8 -parenb -cstopb -crtscts -ixon -ixoff clocal cread -hupcl min 0 time 1'.split(' ');

/** stty of the BSDs, macOS among them, has another flag. */
const FILE_FLAG = process.platform === 'linux' ? '-F' : '-f';

async function configure(path: string, baud: number): Promise<void> {
  try {
    await promisify(execFile)('stty', [FILE_FLAG, path, String(baud), ...SETTINGS]);
  } catch (cause) {
    const { code, stderr } = cause as { code?: string | number; stderr?: string };
    if (code === 'ENOENT') {
      throw new SpikemillError('TOOL', 'stty is missing: it sets up serial ports', {
        where: 'PATH',
        suggestions: ['apt-get install -y coreutils'],
      });
    }
    throw new SpikemillError('BOARD', 'the serial port cannot be set up', {
      where: path,
      expected: `a serial port that can do ${baud} bits per second`,
      actual: stderr?.trim() ?? String(cause),
      cause,
    });
  }
}

function cannotOpen(path: string, cause: unknown): SpikemillError {
  const { code, message } = cause as NodeJS.ErrnoException;
  const suggestions =
    code === 'EACCES'
      ? ['add yourself to the group that owns it (usually dialout), and log in again']
      : ['ls /dev/ttyUSB* /dev/ttyACM* shows the serial ports; is the board plugged in?'];
  return new SpikemillError('BOARD', 'the serial port cannot be opened', {
    where: path,
    actual: message,
    suggestions,
    cause,
  });
}

async function openDevice(path: string): Promise<FileHandle> {
  try {
    // a file or a folder would be opened without complaint
    if (!(await stat(path)).isCharacterDevice()) throw new Error('this is no device');
    return await open(path, constants.O_RDWR | constants.O_NOCTTY | constants.O_NONBLOCK);
  } catch (cause) {
    throw cannotOpen(path, cause);
  }
}

/** The line stands until it is closed; a device that goes away ends it. */
class SerialPort implements Line {
  readonly #path: string;
  readonly #handle: FileHandle;

  constructor(path: string, handle: FileHandle) {
    this.#path = path;
    this.#handle = handle;
  }

  async write(bytes: Uint8Array): Promise<void> {
    let rest = bytes;
    while (rest.length > 0) {
      const written = await this.#attempt(() => this.#handle.write(rest, 0, rest.length, null));
      rest = rest.subarray(written.bytesWritten);
    }
  }

  async read(): Promise<Uint8Array> {
    const buffer = new Uint8Array(READ_BYTES);
    const { bytesRead } = await this.#attempt(() => this.#handle.read(buffer, 0, buffer.length, null));
    return buffer.subarray(0, bytesRead);
  }

  close(): Promise<void> {
    return this.#handle.close();
  }

  async #attempt<T>(act: () => Promise<T>): Promise<T> {
    try {
      return await act();
    } catch (cause) {
      throw new SpikemillError('BOARD', 'the serial port is gone', {
        where: this.#path,
        actual: (cause as Error).message,
        suggestions: ['is the board still plugged in?'],
        cause,
      });
    }
  }
}

/**
 * Opens a serial port.
 *
 * @param path of the device, such as /dev/ttyUSB0.
 * @param baud bits per second.
 * @throws SpikemillError BOARD if it is not there or cannot be opened, TOOL without stty.
 */
export async function openSerialPort(path: string, baud: number): Promise<Line> {
  // Opened without waiting for a carrier; from the settings on, reads wait as they say.
  const probe = await openDevice(path);
  try {
    await configure(path, baud);
    const handle = await open(path, constants.O_RDWR | constants.O_NOCTTY);
    return new SerialPort(path, handle);
  } catch (cause) {
    throw cause instanceof SpikemillError ? cause : cannotOpen(path, cause);
  } finally {
    await probe.close();
  }
}
