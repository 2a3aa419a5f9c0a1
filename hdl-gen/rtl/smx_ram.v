// smx_ram: simple dual-port memory, one write and one read port, read latency 1.
//
// A read of the address that is being written returns an undefined word: no user of this module may depend on it.
// That is what lets synthesis build a plain block RAM without collision logic (`no_rw_check`). Regressions define
// SMX_POISON: such a read then returns the inverted old word, so a design that depended on it fails bit for bit.
`default_nettype none

module smx_ram #(
    parameter Width    = 8,   // bits of a word
    parameter Depth    = 16,  // words
    parameter AddrBits = 4    // bits of an address, 2**AddrBits >= Depth
) (
    input  wire                clk_i,
    input  wire                write_i,       // write write_data_i to write_addr_i
    input  wire [AddrBits-1:0] write_addr_i,
    input  wire [Width-1:0]    write_data_i,
    input  wire                read_i,        // else read_data_o holds
    input  wire [AddrBits-1:0] read_addr_i,
    output reg  [Width-1:0]    read_data_o    // word of the read_addr_i of the last cycle with read_i
);
    (* no_rw_check *)
    reg [Width-1:0] mem [0:Depth-1];

    always @(posedge clk_i) begin
        if (write_i) mem[write_addr_i] <= write_data_i;
    end

    always @(posedge clk_i) begin
`ifdef SMX_POISON
        if (read_i && write_i && write_addr_i == read_addr_i) read_data_o <= ~mem[read_addr_i];
        else
`endif
        if (read_i) read_data_o <= mem[read_addr_i];
    end
endmodule

`default_nettype wire
