# What ./conform and ./check share: the packages, and the build. Sourced by bash.

packages='g++ cmake ninja-build pkg-config libtins-dev libyaml-cpp-dev libgtest-dev libgmock-dev libbenchmark-dev
  libcli11-dev libfmt-dev nlohmann-json3-dev libpugixml-dev libmnl-dev'
# What the fuzzers need besides: for ./check alone.
fuzzing_packages='clang libclang-rt-14-dev llvm zip unzip'

# Installs what is missing; says what, before it does. Fails with what to do when it cannot.
setup_packages() {
  command -v dpkg-query >/dev/null || {
    echo "This is not Debian: please install the equivalents of these packages, then run again:" $packages >&2
    command -v cmake >/dev/null && command -v ninja >/dev/null && return 0
    return 1
  }
  missing=''
  for package in $packages ${extra_packages:-}; do
    dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'install ok installed' || missing="$missing $package"
  done
  [ -z "$missing" ] && return 0
  echo "Installing Debian packages:$missing"
  as_root=''
  if [ "$(id -u)" != 0 ]; then
    if ! command -v sudo >/dev/null; then
      echo "Not root, and there is no sudo. As root, please: apt-get install$missing" >&2
      return 1
    fi
    as_root=sudo
  fi
  log=$(mktemp)
  if ! { $as_root apt-get update && $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends $missing; } >"$log" 2>&1; then
    tail -n 15 "$log" >&2
    echo "The packages could not be installed. As root, please: apt-get install$missing" >&2
    rm -f "$log"
    return 1
  fi
  rm -f "$log"
}

# Configures once, then builds what changed. Arguments: targets, none for all.
build_release() { build_preset release build "$@"; }
build_sanitized() { build_preset sanitize build/sanitize "$@"; }
build_preset() {
  preset=$1 folder=$2
  shift 2
  if ! log=$(cmake --preset "$preset" 2>&1); then
    printf '%s\n' "$log" >&2
    return 1
  fi
  echo "Building into $folder/"
  cmake --build "$folder" ${1:+--target "$@"}
}
