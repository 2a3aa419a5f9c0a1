// smx_event_spike_memory: all spike maps of the event-driven style. A word holds Lanes channels of one timestep.
//
// Written Neurons channels at a time, which is what one step of the neuron unit yields, into one of Lanes / Neurons
// banks; read a word at a time. A map of half a word may be written to both halves, for the axial branches: their lanes
// then compute two tokens from one word. Reading a bank while it is written is undefined: the schedule never reads what the pass
// under way writes, except banks that are masked out.
`default_nettype none

module smx_event_spike_memory #(
    parameter Lanes    = 24,
    parameter Neurons  = 8,
    parameter Rows     = 64,   // words
    parameter RowBits  = 6,    // bits of a row number as it arrives
    parameter AddrBits = 6,    // bits that count: 2**AddrBits >= Rows, AddrBits <= RowBits
    parameter BankBits = 2
) (
    input  wire                clk_i,
    input  wire                write_i,
    input  wire [RowBits-1:0]  write_row_i,
    input  wire [BankBits-1:0] write_bank_i,
    input  wire                write_copy_i,  // also to the same place in the upper half of the word
    input  wire [Neurons-1:0]  write_data_i,
    input  wire                read_i,        // else the data hold
    input  wire [RowBits-1:0]  read_row_i,
    output wire [Lanes-1:0]    read_data_o    // a cycle after read_i
);
    wire unused = &{1'b0, write_row_i, read_row_i};   // their upper bits, where the pixel memory has more rows
    genvar b;
    generate
        for (b = 0; b < Lanes / Neurons; b = b + 1) begin : g_bank
            localparam Half = Lanes / Neurons / 2;
            localparam Below = (b < Half) ? b : b - Half;
            localparam [BankBits-1:0] Bank = b[BankBits-1:0], Copied = Below[BankBits-1:0];
            wire meant = write_bank_i == Bank || (write_copy_i && b >= Half && write_bank_i == Copied);
            smx_ram #(.Width(Neurons), .Depth(Rows), .AddrBits(AddrBits)) u_ram (
                .clk_i(clk_i), .write_i(write_i && meant), .write_addr_i(write_row_i[AddrBits-1:0]),
                .write_data_i(write_data_i), .read_i(read_i), .read_addr_i(read_row_i[AddrBits-1:0]),
                .read_data_o(read_data_o[b*Neurons +: Neurons]));
        end
    endgenerate
endmodule

`default_nettype wire
