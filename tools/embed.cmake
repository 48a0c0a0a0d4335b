# SPDX-License-Identifier: MIT
#
# pldiag_embed(TARGET INPUT NAME): compile the bytes of INPUT (a file, or a list
# of files that are joined) into TARGET as
#	extern const unsigned char NAME_bytes[]; extern const size_t NAME_len;
# declared in the generated header "NAME.h".  As a script (cmake -P) it does
# the conversion, so that the build needs no xxd.
if(CMAKE_SCRIPT_MODE_FILE)
  string(REPLACE "|" ";" files "${INPUT}")
  set(hex "")
  set(size 0)
  foreach(one ${files})
    file(READ "${one}" more HEX)
    file(SIZE "${one}" bytes)
    string(APPEND hex "${more}")
    math(EXPR size "${size} + ${bytes}")
  endforeach()
  string(REGEX REPLACE "................................" "\\0\n" lines "${hex}")
  string(REGEX REPLACE "[0-9a-f][0-9a-f]" "0x\\0," lines "${lines}")
  file(WRITE "${OUTPUT}.c" "/* Made from ${INPUT}; do not edit. */
#include \"${NAME}.h\"
const unsigned char ${NAME}_bytes[] = {
${lines}0x00 };
const size_t ${NAME}_len = ${size};
")
  return()
endif()

set(PLDIAG_EMBED_SCRIPT ${CMAKE_CURRENT_LIST_FILE})

function(pldiag_embed target input name)
  set(out ${PLDIAG_GENERATED}/${name})
  list(JOIN input "|" inputs)
  # The bytes are followed by a NUL which len does not count.
  file(CONFIGURE OUTPUT ${out}.h @ONLY CONTENT
"/* Made by the build; do not edit. */
#ifndef GENERATED_@name@_H
#define GENERATED_@name@_H
#include <stddef.h>
extern const unsigned char @name@_bytes[];
extern const size_t @name@_len;
#endif
")
  add_custom_command(OUTPUT ${out}.c
    COMMAND ${CMAKE_COMMAND} -DINPUT=${inputs} -DOUTPUT=${out} -DNAME=${name}
            -P ${PLDIAG_EMBED_SCRIPT}
    DEPENDS ${input} ${PLDIAG_EMBED_SCRIPT}
    COMMENT "Embedding ${name}"
    VERBATIM)
  target_sources(${target} PRIVATE ${out}.c)
endfunction()
