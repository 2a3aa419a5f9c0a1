# 1BitSquared iCEBreaker 1.0, iCE40UP5K-SG48.
# Made from the record of the board icebreaker; do not edit.
create_clock -period 83.333 -name clk [get_ports clk]
set_false_path -from [get_ports {uart_rx reset_button}]
set_false_path -to [get_ports {uart_tx led}]
