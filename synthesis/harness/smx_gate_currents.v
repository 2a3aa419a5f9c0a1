// smx_gate_currents: stands where the testbench looks for LIF inputs, and has none.
`default_nettype none

module smx_gate_currents #(
    parameter Neurons     = 1,
    parameter CurrentBits = 1
);
    wire current_valid = 1'b0;
    genvar u;
    generate
        for (u = 0; u < Neurons; u = u + 1) begin : g_neuron
            wire [CurrentBits-1:0] current = {CurrentBits{1'b0}};
        end
    endgenerate
endmodule

`default_nettype wire
