// smx_event_pixel_memory: one image in patch order: a row holds Inputs pixels of one patch, in block RAM.
//
// One memory with a write enable per byte: as many small memories would be LUTRAM, many times the cells.
`default_nettype none

module smx_event_pixel_memory #(
    parameter Inputs   = 8,
    parameter Rows     = 64,   // patches x rows of a patch
    parameter RowBits  = 6,
    parameter BankBits = 3     // bits of a pixel number within a row
) (
    input  wire                clk_i,
    input  wire                write_i,
    input  wire [RowBits-1:0]  write_row_i,
    input  wire [BankBits-1:0] write_bank_i,
    input  wire [7:0]          write_data_i,
    input  wire                read_i,        // else read_data_o holds
    input  wire [RowBits-1:0]  read_row_i,
    output reg  [Inputs*8-1:0] read_data_o    // pixel i in byte i, a cycle after read_i
);
    (* no_rw_check, ram_style = "block" *)
    reg [Inputs*8-1:0] mem [0:Rows-1];

    genvar i;
    generate
        for (i = 0; i < Inputs; i = i + 1) begin : g_byte
            localparam [BankBits-1:0] Bank = i[BankBits-1:0];
            always @(posedge clk_i) begin
                if (write_i && write_bank_i == Bank) mem[write_row_i][i*8 +: 8] <= write_data_i;
            end
        end
    endgenerate
    always @(posedge clk_i) if (read_i) read_data_o <= mem[read_row_i];
endmodule

`default_nettype wire
