#!/usr/bin/env bash
# seeds.sh OUT: writes the seed corpora of the fuzzers into OUT/fuzz_spec/ and OUT/fuzz_codec/. Those of fuzz_spec are
# cut from specs/: each file whole, each row, scenario and way by itself, each expression, segment and phrase. The first
# octet of each says what it is for (see Reader in fuzz_spec.cc, and fuzz_codec.cc).
set -eu
[ $# = 1 ] || { echo "usage: $0 OUT" >&2; exit 2; }
mkdir -p "$1/fuzz_spec" "$1/fuzz_codec"
out=$(cd "$1" && pwd)
cd "$(dirname "$0")/../.."

# whole SELECTOR FILE...: each file as one seed.
whole() {
  selector=$1
  shift
  for file in "$@"; do
    { printf %s "$selector"; cat "$file"; } >"$out/fuzz_spec/file-$(basename "$file" .yaml)"
  done
}
whole 0 specs/table/*.yaml
whole 1 specs/paths.yaml
whole 2 specs/scenarios/*.yaml
whole 3 specs/targets/*.yaml

# Each row under the head of its section and its step.
for file in specs/table/3.10.[1-8]*.yaml; do
  awk -v prefix="$out/fuzz_spec/row-$(basename "$file" .yaml)-" '
    /^ *#/ { next }
    !in_steps { head = head $0 "\n"; in_steps = /^steps:/; next }
    /^- step:/ { in_row = 0; step = $0 "\n"; next }
    /^  - id:/ { if (name) close(name); name = prefix $3; in_row = 1; printf "0%s%s%s\n", head, step, $0 >name; next }
    /^[a-z]/ { exit }
    in_row { print >name; next }
    { step = step $0 "\n" }
  ' "$file"
done

# Each scenario and each way by itself.
awk -v prefix="$out/fuzz_spec/scenario-" '
  /^- scenario:/ { if (name) close(name); name = prefix $3; printf "2scenarios:\n%s\n", $0 >name; next }
  /^[^ -]/ || /^ *#/ { if (name) close(name); name = ""; next }
  name { print >name }
' specs/scenarios/*.yaml
awk -v prefix="$out/fuzz_spec/way-" '
  /^- (way|situation|epilogue):/ {
    if (name) close(name)
    name = prefix $3
    printf "1%s%s\n", $2 == "way:" ? "ways:\n" : "ways: [{way: x, state: CLOSED}]\n" substr($2, 1, length($2) - 1) "s:\n", $0 >name
    next
  }
  /^[^ -]/ || /^ *#/ { if (name) close(name); name = ""; next }
  name { print >name }
' specs/paths.yaml

# texts SELECTOR NAME: each line of the input once, as one seed.
texts() {
  sort -u | awk -v selector="$1" -v prefix="$out/fuzz_spec/$2-" \
    'NF { file = prefix sprintf("%04d", ++n); printf "%s%s", selector, $0 >file; close(file) }'
}
all=$(cat specs/table/*.yaml specs/paths.yaml specs/scenarios/*.yaml)
printf '%s\n' "$all" | sed -nE 's/^ *(- )?(when|while|since|within|value|received|at-most): *([^>{"].*)$/\3/p' | texts 4 expression
printf '%s\n' "$all" | grep -oE '(<[A-Z]+=[^<>]*>)+' | texts 5 segment
{
  printf '%s\n' "$all" | sed -nE 's/^ *(- )?(call|do|reply|signal|may-signal|wait): *([^[{"].*)$/\3/p'
  printf '%s\n' SYN,ACK FIN,PSH,URG,ACK,ECE,CWR '500 ms' '4 min' 'SEND 100 urgent push timeout=10s' 'OPEN active unspecified'
} | texts 6 phrase
printf '7%s\n' 'MSL 2 min
in-window RCV.NXT =< SEG.SEQ < RCV.EDGE
twice in-window and not (SEG.SEQ + 2 * SEG.LEN - 1 > RCV.EDGE)
time max(MSL / 2, NOW - TIME-WAIT.START)
a b
b c or a' >"$out/fuzz_spec/definitions"

# Octets in hex, blanks for the eye.
octets() {
  printf %b "$(printf %s "$2" | tr -d ' ' | sed 's/../\\x&/g')" >"$out/fuzz_codec/$1"
}
sed -E '/^(#|$)/d' fuzz/entry/codec_seeds.txt | while read -r name hex; do octets "$name" "$hex"; done
echo "$(ls "$out/fuzz_spec" | wc -l) seeds for fuzz_spec, $(ls "$out/fuzz_codec" | wc -l) for fuzz_codec in $out"
