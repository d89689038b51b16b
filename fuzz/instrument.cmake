# How everything is compiled for the fuzzers. Included before the first layer is declared, when TCPCONFORM_FUZZERS is ON.
if(NOT CMAKE_CXX_COMPILER_ID MATCHES "Clang")
  message(FATAL_ERROR "TCPCONFORM_FUZZERS needs clang, not ${CMAKE_CXX_COMPILER_ID} (${CMAKE_CXX_COMPILER}): "
                      "use `cmake --preset fuzz`, or -DCMAKE_CXX_COMPILER=clang++ in a new build folder")
endif()
set(TCPCONFORM_TESTS OFF)

# OSS-Fuzz and ClusterFuzzLite give every flag themselves, in CXXFLAGS, and what to link in LIB_FUZZING_ENGINE. It is
# kept in the cache, so that a build that configures itself again does not depend on its environment.
set(TCPCONFORM_FUZZING_ENGINE "$ENV{LIB_FUZZING_ENGINE}" CACHE STRING "what a fuzzer is linked with; empty: libFuzzer")
if(NOT TCPCONFORM_FUZZING_ENGINE)
  add_compile_options(-fsanitize=fuzzer-no-link)
endif()
