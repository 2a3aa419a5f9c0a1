# AMD Zynq UltraScale+ ZCU102, xczu9eg-ffvb1156-2-e.
# Made from the record of the board zcu102; do not edit.
set_property -dict {PACKAGE_PIN G21 IOSTANDARD LVDS_25} [get_ports clk_p]; # 125 MHz
set_property -dict {PACKAGE_PIN F21 IOSTANDARD LVDS_25} [get_ports clk_n]; # its negative half
set_property -dict {PACKAGE_PIN E13 IOSTANDARD LVCMOS33 PULLTYPE PULLUP} [get_ports uart_rx]; # from the host
set_property -dict {PACKAGE_PIN F13 IOSTANDARD LVCMOS33} [get_ports uart_tx]; # to the host
set_property -dict {PACKAGE_PIN AG14 IOSTANDARD LVCMOS33} [get_ports led]; # LED, active high
set_property -dict {PACKAGE_PIN AM13 IOSTANDARD LVCMOS33 PULLTYPE PULLDOWN} [get_ports reset_button]; # button, active high
create_clock -period 8.000 -name clk_p [get_ports clk_p]
create_generated_clock -name clk_core -source [get_ports clk_p] -divide_by 2 [get_pins u_divide/g_divide.divided_q_reg/Q]
set_false_path -from [get_ports {uart_rx reset_button}]
set_false_path -to [get_ports {uart_tx led}]
