# AMD Alveo U250, xcu250-figd2104-2L-e.
# Made from the record of the board alveo-u250; do not edit.
set_property -dict {PACKAGE_PIN AY37 IOSTANDARD DIFF_SSTL12} [get_ports clk_p]; # 300 MHz
set_property -dict {PACKAGE_PIN AY38 IOSTANDARD DIFF_SSTL12} [get_ports clk_n]; # its negative half
set_property -dict {PACKAGE_PIN BB20 IOSTANDARD LVCMOS12 PULLTYPE PULLUP} [get_ports uart_rx]; # from the host
set_property -dict {PACKAGE_PIN BF18 IOSTANDARD LVCMOS12} [get_ports uart_tx]; # to the host
set_property -dict {PACKAGE_PIN AL20 IOSTANDARD LVCMOS12 PULLTYPE PULLUP} [get_ports reset_button]; # button, active low
create_clock -period 3.333 -name clk_p [get_ports clk_p]
create_generated_clock -name clk_core -source [get_ports clk_p] -divide_by 4 [get_pins u_divide/g_divide.divided_q_reg/Q]
set_false_path -from [get_ports {uart_rx reset_button}]
set_false_path -to [get_ports {uart_tx}]
