# AMD Alveo U250, xcu250-figd2104-2L-e.
# Made from the record of the board alveo-u250; do not edit.
create_clock -period 3.333 -name clk_p [get_ports clk_p]
create_generated_clock -name clk_core -source [get_ports clk_p] -divide_by 4 [get_pins u_divide/g_divide.divided_q/Q]
set_false_path -from [get_ports {uart_rx reset_button}]
set_false_path -to [get_ports {uart_tx}]
