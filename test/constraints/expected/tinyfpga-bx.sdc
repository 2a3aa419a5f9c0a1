# TinyFPGA BX, iCE40LP8K-CM81.
# Made from the record of the board tinyfpga-bx; do not edit.
create_clock -period 62.500 -name clk [get_ports clk]
set_false_path -from [get_ports {uart_rx}]
set_false_path -to [get_ports {uart_tx led}]
