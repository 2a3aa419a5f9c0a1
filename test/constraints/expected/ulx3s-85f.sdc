# Radiona ULX3S 85F, LFE5U-85F-6BG381C.
# Made from the record of the board ulx3s-85f; do not edit.
create_clock -period 40.000 -name clk [get_ports clk]
set_false_path -from [get_ports {uart_rx reset_button}]
set_false_path -to [get_ports {uart_tx led}]
