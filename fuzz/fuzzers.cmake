# The fuzzers: each entry/fuzz_NAME.cc becomes an executable fuzz_NAME. `ninja fuzzers` builds them and what they need.

# The layers that each entry needs, and the sources besides its own.
set(fuzz_codec_needs codec packet)
set(fuzz_differential_needs judge mutate target_stack)
set(fuzz_differential_sources sequence_hooks.cc)
set(fuzz_sequence_needs judge mutate target_stack)
set(fuzz_sequence_sources sequence_hooks.cc)
set(fuzz_spec_needs spec)

file(GLOB entries CONFIGURE_DEPENDS ${CMAKE_CURRENT_LIST_DIR}/entry/fuzz_*.cc)
add_custom_target(fuzzers)
foreach(entry ${entries})
  cmake_path(GET entry STEM name)
  if(NOT ${name}_needs)
    message(FATAL_ERROR "fuzz/fuzzers.cmake does not say which layers ${name} needs: set(${name}_needs ...)")
  endif()
  foreach(need ${${name}_needs})
    if(NOT TARGET ${need})
      message(FATAL_ERROR "fuzz/fuzzers.cmake: ${name} needs '${need}', which is no layer of the build with fuzzers")
    endif()
  endforeach()
  list(TRANSFORM ${name}_sources PREPEND ${CMAKE_CURRENT_LIST_DIR}/entry/)
  add_executable(${name} ${entry} ${${name}_sources})
  target_link_libraries(${name} PRIVATE ${${name}_needs})
  target_compile_definitions(${name} PRIVATE TCPCONFORM_SOURCE_DIR="${CMAKE_SOURCE_DIR}")
  if(TCPCONFORM_FUZZING_ENGINE)
    target_link_libraries(${name} PRIVATE ${TCPCONFORM_FUZZING_ENGINE})
  else()
    target_link_options(${name} PRIVATE -fsanitize=fuzzer)
  endif()
  # Where a fuzzer runs there may be none of the libraries it was linked with: they lie in lib/ beside it. An RPATH, not
  # a RUNPATH, because it also holds for what these libraries need in turn.
  set_target_properties(${name} PROPERTIES BUILD_RPATH "$ORIGIN/lib" RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/fuzzers)
  target_link_options(${name} PRIVATE -Wl,--disable-new-dtags)
  add_dependencies(fuzzers ${name})
endforeach()

# What makes the seeds of the fuzzers of sequences.
add_executable(sequence_seeds ${CMAKE_CURRENT_LIST_DIR}/entry/sequence_seeds.cc)
target_link_libraries(sequence_seeds PRIVATE corpus)
if(NOT TCPCONFORM_FUZZING_ENGINE)
  target_link_options(sequence_seeds PRIVATE -fsanitize=fuzzer-no-link)   # where the compiler counts coverage to
endif()
target_compile_definitions(sequence_seeds PRIVATE TCPCONFORM_SOURCE_DIR="${CMAKE_SOURCE_DIR}")
set_target_properties(sequence_seeds PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/fuzzers)
add_dependencies(fuzzers sequence_seeds)
