# Lattice iCE40HX-8K breakout board, iCE40HX8K-CT256.
# Made from the record of the board ice40-hx8k-breakout; do not edit.
create_clock -period 83.333 -name clk [get_ports clk]
set_false_path -from [get_ports {uart_rx}]
set_false_path -to [get_ports {uart_tx led}]
