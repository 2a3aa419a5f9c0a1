# TUL PYNQ-Z2, xc7z020clg400-1.
# Made from the record of the board pynq-z2; do not edit.
set_property -dict {PACKAGE_PIN H16 IOSTANDARD LVCMOS33} [get_ports clk]; # 125 MHz
set_property -dict {PACKAGE_PIN T11 IOSTANDARD LVCMOS33 PULLTYPE PULLUP} [get_ports uart_rx]; # from the host
set_property -dict {PACKAGE_PIN Y14 IOSTANDARD LVCMOS33} [get_ports uart_tx]; # to the host
set_property -dict {PACKAGE_PIN R14 IOSTANDARD LVCMOS33} [get_ports led]; # LED, active high
set_property -dict {PACKAGE_PIN D19 IOSTANDARD LVCMOS33 PULLTYPE PULLDOWN} [get_ports reset_button]; # button, active high
create_clock -period 8.000 -name clk [get_ports clk]
create_generated_clock -name clk_core -source [get_ports clk] -divide_by 2 [get_pins u_divide/g_divide.divided_q_reg/Q]
set_false_path -from [get_ports {uart_rx reset_button}]
set_false_path -to [get_ports {uart_tx led}]
