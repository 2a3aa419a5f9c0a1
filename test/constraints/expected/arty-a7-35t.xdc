# Digilent Arty A7-35T, xc7a35ticsg324-1L.
# Made from the record of the board arty-a7-35t; do not edit.
set_property -dict {PACKAGE_PIN E3 IOSTANDARD LVCMOS33} [get_ports clk]; # 100 MHz
set_property -dict {PACKAGE_PIN A9 IOSTANDARD LVCMOS33 PULLTYPE PULLUP} [get_ports uart_rx]; # from the host
set_property -dict {PACKAGE_PIN D10 IOSTANDARD LVCMOS33} [get_ports uart_tx]; # to the host
set_property -dict {PACKAGE_PIN H5 IOSTANDARD LVCMOS33} [get_ports led]; # LED, active high
set_property -dict {PACKAGE_PIN C2 IOSTANDARD LVCMOS33 PULLTYPE PULLUP} [get_ports reset_button]; # button, active low
create_clock -period 10.000 -name clk [get_ports clk]
create_generated_clock -name clk_core -source [get_ports clk] -divide_by 2 [get_pins u_divide/g_divide.divided_q_reg/Q]
set_false_path -from [get_ports {uart_rx reset_button}]
set_false_path -to [get_ports {uart_tx led}]
