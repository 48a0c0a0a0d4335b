# SPDX-License-Identifier: MIT
#
# pldiag_explain(TARGET INPUT NAME): compile each section "## CODE" of INPUT
# into TARGET as a string
#	extern const char explain_CODE[];	('.' and '-' become '_')
# declared in the generated header "NAME.h".  A section runs to the next "## ".
# As a script (cmake -P) it does the conversion: over hexadecimal text, because
# CMake lists and regular expressions trip over what people write.
if(CMAKE_SCRIPT_MODE_FILE)
  set(sources "/* Made from ${INPUT}; do not edit. */\n#include \"${NAME}.h\"\n")
  set(header "/* Made by the build; do not edit. */
#ifndef GENERATED_${NAME}_H
#define GENERATED_${NAME}_H
")
  file(READ "${INPUT}" hex HEX)
  string(REGEX REPLACE "(..)" "\\1 " hex "0a${hex}")
  # "\n## " opens a section
  string(REPLACE "0a 23 23 20 " ";" sections "${hex}")
  list(POP_FRONT sections)
  foreach(section ${sections})
    string(REGEX MATCH "^[^;]*" section "${section}")
    string(FIND "${section}" "0a " end)
    string(SUBSTRING "${section}" 0 ${end} code)
    # without backticks; '.' and '-' become '_'
    string(REPLACE "60 " "" code "${code}")
    string(REPLACE "2e " "5f " code "${code}")
    string(REPLACE "2d " "5f " code "${code}")
    if(code MATCHES "20 ")
      continue() # "How to read this" is no code
    endif()
    string(REGEX REPLACE " $" "" code "${code}")
    string(REPLACE " " ";" bytes "${code}")
    set(symbol)
    foreach(byte ${bytes})
      math(EXPR number "0x${byte}")
      string(ASCII ${number} letter)
      string(APPEND symbol "${letter}")
    endforeach()
    string(REGEX REPLACE "(..) " "0x\\1," values "${section}")
    string(REGEX REPLACE "(0x0a,)" "\\1\n" values "${values}")
    string(APPEND header "extern const char explain_${symbol}[];\n")
    string(APPEND sources "const char explain_${symbol}[] = {\n${values}0x00 };\n")
  endforeach()
  file(WRITE "${OUTPUT}.h" "${header}#endif\n")
  file(WRITE "${OUTPUT}.c" "${sources}")
  return()
endif()

set(PLDIAG_EXPLAIN_SCRIPT ${CMAKE_CURRENT_LIST_FILE})

function(pldiag_explain target input name)
  set(out ${PLDIAG_GENERATED}/${name})
  add_custom_command(OUTPUT ${out}.c ${out}.h
    COMMAND ${CMAKE_COMMAND} -DINPUT=${input} -DOUTPUT=${out} -DNAME=${name}
            -P ${PLDIAG_EXPLAIN_SCRIPT}
    DEPENDS ${input} ${PLDIAG_EXPLAIN_SCRIPT}
    COMMENT "Cutting ${name} into sections"
    VERBATIM)
  # Text is not signed: bytes over 127 of UTF-8 are no overflow.
  set_source_files_properties(${out}.c PROPERTIES
    COMPILE_OPTIONS "-funsigned-char")
  target_sources(${target} PRIVATE ${out}.c ${out}.h)
endfunction()
