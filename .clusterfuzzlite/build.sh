#!/bin/bash -eu
# Builds every fuzzer as ClusterFuzzLite and OSS-Fuzz expect it: from the sources in $SRC/tcpconform, with $CC, $CXX,
# $CFLAGS, $CXXFLAGS and $LIB_FUZZING_ENGINE, in $WORK, to $OUT. There each fuzzer has its seeds, options and dictionary
# beside it, the libraries that it needs in lib/ and what it reads in specs/. A $WORK that is used again saves time.
# TCPCONFORM_SOURCE, if set, is where the sources are instead; JOBS, how much is compiled at once.
cd "${TCPCONFORM_SOURCE:-$SRC/tcpconform}"
source=$(pwd -P)
jobs=${JOBS:-$(nproc)}

# Builds a library whose unpacked source package lies in $SRC/dependencies, statically and with the sanitizer's flags.
# Without one, the system's library is used. Arguments: the package, then what CMake is told.
dependency() {
  package=$1
  shift
  for folder in "$SRC/dependencies/$package"-*/; do
    [ -f "$folder/CMakeLists.txt" ] || continue
    cmake -G Ninja -S "$folder" -B "$WORK/$package" -DCMAKE_BUILD_TYPE=None -DCMAKE_INSTALL_PREFIX="$WORK/prefix" \
      -DCMAKE_INSTALL_LIBDIR=lib -DCMAKE_C_COMPILER="$CC" -DCMAKE_CXX_COMPILER="$CXX" -DCMAKE_C_FLAGS="$CFLAGS" \
      -DCMAKE_CXX_FLAGS="$CXXFLAGS" -DBUILD_SHARED_LIBS=OFF -Wno-dev "$@"
    cmake --build "$WORK/$package" --target install --parallel "$jobs"
  done
}
dependency fmtlib -DFMT_TEST=OFF -DFMT_DOC=OFF
dependency yaml-cpp -DYAML_CPP_BUILD_TESTS=OFF -DYAML_CPP_BUILD_TOOLS=OFF -DYAML_BUILD_SHARED_LIBS=OFF
dependency libtins -DLIBTINS_BUILD_SHARED=OFF -DLIBTINS_BUILD_EXAMPLES=OFF -DLIBTINS_BUILD_TESTS=OFF \
  -DLIBTINS_ENABLE_PCAP=OFF -DLIBTINS_ENABLE_WPA2=OFF -DLIBTINS_ENABLE_DOT11=OFF -DLIBTINS_ENABLE_CXX11=ON
export PKG_CONFIG_PATH="$WORK/prefix/lib/pkgconfig:${PKG_CONFIG_PATH:-}"

cmake -G Ninja -S "$source" -B "$WORK/fuzz" -DTCPCONFORM_FUZZERS=ON -DCMAKE_BUILD_TYPE=None \
  -DCMAKE_PREFIX_PATH="$WORK/prefix" -DCMAKE_C_COMPILER="$CC" -DCMAKE_CXX_COMPILER="$CXX" \
  -DCMAKE_C_FLAGS="$CFLAGS" -DCMAKE_CXX_FLAGS="$CXXFLAGS" -DTCPCONFORM_FUZZING_ENGINE="$LIB_FUZZING_ENGINE"
cmake --build "$WORK/fuzz" --target fuzzers --parallel "$jobs"

# The libraries of the C++ runtime and of ours; never those of glibc, which belong to the kernel's loader there.
copy_libraries() {
  ldd "$1" | sed -nE 's/^.* => (\/[^ ]+) \(.*$/\1/p' | while read -r library; do
    case $(basename "$library") in
      libc.so.* | libm.so.* | libdl.so.* | librt.so.* | libpthread.so.* | libresolv.so.* | ld-linux*) ;;
      *) cp -Lu "$library" "$OUT/lib/" ;;
    esac
  done
}

rm -rf "$WORK/seeds"
fuzz/entry/seeds.sh "$WORK/seeds"
"$WORK/fuzz/fuzzers/sequence_seeds" "$WORK/seeds/fuzz_sequence" corpus/sequence corpus/regressions
cp -r "$WORK/seeds/fuzz_sequence" "$WORK/seeds/fuzz_differential"
mkdir -p "$OUT/lib"
for binary in "$WORK"/fuzz/fuzzers/fuzz_*; do
  name=$(basename "$binary")
  cp "$binary" "$OUT/"
  copy_libraries "$binary"
  for extra in "fuzz/entry/$name.options" "fuzz/entry/$name.dict"; do
    [ ! -f "$extra" ] || cp "$extra" "$OUT/"
  done
  # Besides those made here, what lies in corpus/.
  seeds="$WORK/seeds/$name"
  [ ! -d "corpus/$name" ] || { mkdir -p "$seeds" && cp -r "corpus/$name/." "$seeds/"; }
  rm -f "$OUT/${name}_seed_corpus.zip"
  [ ! -d "$seeds" ] || (cd "$seeds" && zip -q -r "$OUT/${name}_seed_corpus.zip" .)
done
rm -rf "$OUT/specs"
cp -r specs "$OUT/specs"
