# OrangeCrab r0.2 with LFE5U-25F, LFE5U-25F-8MG285C.
# Made from the record of the board orangecrab-25f; do not edit.
create_clock -period 20.833 -name clk [get_ports clk]
create_generated_clock -name clk_core -source [get_ports clk] -divide_by 2 [get_pins u_divide/g_divide.divided_q/Q]
set_false_path -from [get_ports {uart_rx reset_button}]
set_false_path -to [get_ports {uart_tx led}]
