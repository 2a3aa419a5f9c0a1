# Colorlight i5 7.0 on the extension board of the open documentation, LFE5U-25F-6BG381C.
# Made from the record of the board colorlight-i5; do not edit.
create_clock -period 40.000 -name clk [get_ports clk]
set_false_path -from [get_ports {uart_rx}]
set_false_path -to [get_ports {uart_tx led}]
