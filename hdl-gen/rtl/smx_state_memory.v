// smx_state_memory: a few words of state that are read in the cycle of the address: LUTRAM where there is some.
`default_nettype none

module smx_state_memory #(
    parameter Width    = 32,
    parameter Depth    = 6,
    parameter AddrBits = 3
) (
    input  wire                clk_i,
    input  wire                write_i,
    input  wire [AddrBits-1:0] write_addr_i,
    input  wire [Width-1:0]    write_data_i,
    input  wire [AddrBits-1:0] read_addr_i,
    output wire [Width-1:0]    read_data_o
);
    reg [Width-1:0] mem [0:Depth-1];
    always @(posedge clk_i) if (write_i) mem[write_addr_i] <= write_data_i;
    assign read_data_o = mem[read_addr_i];
endmodule

`default_nettype wire
