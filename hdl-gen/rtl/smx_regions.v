// smx_regions: one address space of a segment over its own memory and the double buffers in front of and behind it.
//
// The two highest bits of an address choose: 01 the buffer in front, 10 the buffer behind, 00 and 11 the own memory. The
// own memory has two numbers so that a map in front and two own maps can lie at equal distances, as fuse reads them.
// Example: AddrBits = 6, own maps at 4 and 8, one in front at 16: 16, 4 = 16 - 12, and 4 - 12 = 56 modulo 64, own 8.
`default_nettype none

module smx_regions #(
    parameter Width    = 8,
    parameter AddrBits = 6
) (
    input  wire                clk_i,
    input  wire [AddrBits-1:0] read_addr_i,
    input  wire [Width-1:0]    own_i,           // data of the cycle behind the address
    input  wire [Width-1:0]    front_i,
    input  wire [Width-1:0]    behind_i,
    output wire [Width-1:0]    read_data_o,
    input  wire                write_i,
    input  wire [AddrBits-1:0] write_addr_i,
    output wire                write_own_o,
    output wire                write_behind_o
);
    reg [1:0] region_q;
    always @(posedge clk_i) region_q <= read_addr_i[AddrBits-1 -: 2];
    wire front  = region_q == 2'b01;
    wire behind = region_q == 2'b10;
    assign read_data_o = front ? front_i : behind ? behind_i : own_i;

    assign write_behind_o = write_i && write_addr_i[AddrBits-1 -: 2] == 2'b10;
    assign write_own_o    = write_i && !write_behind_o;
    wire unused = &{1'b0, read_addr_i, write_addr_i};
endmodule

`default_nettype wire
