# SPDX-License-Identifier: MIT
#
# The compiler and linker flags of everything that is built here.
set(CMAKE_C_STANDARD 11)
set(CMAKE_C_STANDARD_REQUIRED ON)
set(CMAKE_C_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
check_pie_supported(LANGUAGES C)

add_compile_options(
  -Wall -Wextra -Wconversion -Wshadow -Wmissing-prototypes
  -Wstrict-prototypes -Wcast-qual -Wpointer-arith -Wwrite-strings -Wvla
  -Wformat=2 -Wimplicit-fallthrough)
if(PLDIAG_WERROR)
  # A newer library may call an old friend deprecated; that is no error.
  add_compile_options(-Werror -Wno-error=deprecated-declarations)
endif()

# A tool loads only the libraries that it calls (pl-resolve: no libcurl).
add_link_options(
  LINKER:--as-needed LINKER:-z,relro LINKER:-z,now LINKER:-z,noexecstack)

add_compile_options(-fstack-protector-strong)
foreach(flag -fstack-clash-protection -fcf-protection)
  string(MAKE_C_IDENTIFIER "HAVE${flag}" have)
  check_c_compiler_flag(${flag} ${have})
  if(${have})
    add_compile_options(${flag})
  endif()
endforeach()

if(PLDIAG_SANITIZE OR PLDIAG_TSAN OR PLDIAG_FUZZ)
  if(PLDIAG_TSAN)
    set(sanitizers -fsanitize=thread)
  else()
    set(sanitizers -fsanitize=address,undefined -fno-sanitize-recover=all)
  endif()
  if(PLDIAG_FUZZ)
    if(NOT CMAKE_C_COMPILER_ID MATCHES "Clang")
      message(FATAL_ERROR "PLDIAG_FUZZ needs clang: -DCMAKE_C_COMPILER=clang")
    endif()
    add_compile_options(-fsanitize=fuzzer-no-link)
  endif()
  add_compile_options(${sanitizers} -fno-omit-frame-pointer)
  add_link_options(${sanitizers})
elseif(NOT CMAKE_BUILD_TYPE STREQUAL "Debug")
  # Level 3 needs a compiler with __builtin_dynamic_object_size.
  if((CMAKE_C_COMPILER_ID STREQUAL "GNU"
      AND CMAKE_C_COMPILER_VERSION VERSION_GREATER_EQUAL 12)
     OR (CMAKE_C_COMPILER_ID MATCHES "Clang"
         AND CMAKE_C_COMPILER_VERSION VERSION_GREATER_EQUAL 12))
    set(fortify 3)
  else()
    set(fortify 2)
  endif()
  # Some distributions set a level of their own; ours replaces it.
  add_compile_options(-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=${fortify})
endif()
