# AMD Kria KV260 vision AI starter kit, xck26-sfvc784-2LV-c.
# Made from the record of the board kv260; do not edit.
create_clock -period 40.000 -name clk [get_ports clk]
set_false_path -from [get_ports {uart_rx}]
set_false_path -to [get_ports {uart_tx}]
