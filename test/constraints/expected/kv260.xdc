# AMD Kria KV260 vision AI starter kit, xck26-sfvc784-2LV-c.
# Made from the record of the board kv260; do not edit.
set_property -dict {PACKAGE_PIN C3 IOSTANDARD LVCMOS18} [get_ports clk]; # 25 MHz
set_property -dict {PACKAGE_PIN D10 IOSTANDARD LVCMOS33 PULLTYPE PULLUP} [get_ports uart_rx]; # from the host
set_property -dict {PACKAGE_PIN E10 IOSTANDARD LVCMOS33} [get_ports uart_tx]; # to the host
create_clock -period 40.000 -name clk [get_ports clk]
set_false_path -from [get_ports {uart_rx}]
set_false_path -to [get_ports {uart_tx}]
