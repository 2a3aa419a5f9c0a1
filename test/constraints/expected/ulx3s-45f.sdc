# Radiona ULX3S 45F, LFE5U-45F-6BG381C.
# Made from the record of the board ulx3s-45f; do not edit.
create_clock -period 40.000 -name clk [get_ports clk]
set_false_path -from [get_ports {uart_rx reset_button}]
set_false_path -to [get_ports {uart_tx led}]
