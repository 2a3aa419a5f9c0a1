/** From the pixel stream to the pixel memory. */
import type { Connection, Instance } from '../verilog/structure.js';
import { clocked, lowBits } from './connect.js';

export const RESET_INSTANCE: Instance = {
  module: 'smx_reset',
  name: 'u_reset',
  comment: 'reset in step with the clock',
  parameters: {},
  ports: { clk_i: 'aclk', aresetn_i: 'aresetn', rst_o: 'rst' },
};

/**
 * @param hold no pixel may be taken.
 * @param read the pixel memory reads, else its data hold.
 * @param memory its module.
 * @param loader more parameters of the loader.
 */
export function inputInstances(
  hold: Connection,
  read: Connection = { constant: 1 },
  memory = 'smx_pixel_memory',
  loader: Readonly<Record<string, string>> = {},
): Instance[] {
  return [
    {
      module: 'smx_image_loader',
      name: 'u_image_loader',
      comment: 'pixels [channel, row, column] into patch order',
      parameters: {
        Channels: 'Channels',
        Height: 'ImageHeight',
        Width: 'ImageWidth',
        Patch: 'Patch',
        Inputs: 'Inputs',
        PatchRows: 'PatchRows',
        RowBits: 'PixelRowBits',
        BankBits: 'PixelBankBits',
        ...loader,
      },
      ports: {
        ...clocked,
        s_axis_tvalid_i: 's_axis_image_tvalid',
        s_axis_tready_o: 's_axis_image_tready',
        s_axis_tdata_i: 's_axis_image_tdata',
        s_axis_tlast_i: 's_axis_image_tlast',
        hold_i: hold,
        write_o: 'pixel_write',
        write_row_o: 'pixel_write_row',
        write_bank_o: 'pixel_write_bank',
        write_data_o: 'pixel_write_data',
        full_o: 'image_full',
        release_i: 'image_release',
        frame_error_o: 'frame_error',
      },
    },
    {
      module: memory,
      name: 'u_pixels',
      comment: 'one image, uint8, rows of Inputs pixels of one patch',
      parameters: { Inputs: 'Inputs', Rows: 'PixelRows', RowBits: 'PixelRowBits', BankBits: 'PixelBankBits' },
      ports: {
        clk_i: 'aclk',
        write_i: 'pixel_write',
        write_row_i: 'pixel_write_row',
        write_bank_i: 'pixel_write_bank',
        write_data_i: 'pixel_write_data',
        read_i: read,
        read_row_i: lowBits('operand_row', 'PixelRowBits'),
        read_data_o: 'pixel_row',
      },
    },
  ];
}
