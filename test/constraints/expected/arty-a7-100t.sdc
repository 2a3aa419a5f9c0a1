# Digilent Arty A7-100T, xc7a100tcsg324-1.
# Made from the record of the board arty-a7-100t; do not edit.
create_clock -period 10.000 -name clk [get_ports clk]
create_generated_clock -name clk_core -source [get_ports clk] -divide_by 2 [get_pins u_divide/g_divide.divided_q/Q]
set_false_path -from [get_ports {uart_rx reset_button}]
set_false_path -to [get_ports {uart_tx led}]
