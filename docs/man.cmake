# SPDX-License-Identifier: MIT
#
# A manual page: the line @OPTIONS@ of a .scd file is replaced by what the tool
# itself says of its commands and options.  Run with cmake -P.
execute_process(COMMAND ${TOOL} --man-options
  OUTPUT_VARIABLE options COMMAND_ERROR_IS_FATAL ANY)
file(READ ${INPUT} page)
string(REPLACE "@OPTIONS@\n" "${options}" page "${page}")
file(WRITE ${OUTPUT}.scd "${page}")
execute_process(COMMAND ${SCDOC} INPUT_FILE ${OUTPUT}.scd
  OUTPUT_FILE ${OUTPUT} COMMAND_ERROR_IS_FATAL ANY)
