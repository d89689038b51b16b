#!/usr/bin/env bash
# merge.sh [FOLDER...]: makes corpus/sequence/ again: of what is in it, of the seeds of every case of the plan, and of the
# sequences in the folders (what campaigns found interesting, in either form), the fewest that reach the same, by
# libFuzzer's -merge=1. What fails is left out: it belongs to whoever mends it. FUZZER and TCPCONFORM, if set, are where
# fuzz_sequence and tcpconform were built.
set -eu
folders=()
for folder in "$@"; do folders+=("$(cd "$folder" && pwd)"); done
cd "$(dirname "$0")/.."
fuzzer=${FUZZER:-build/fuzz-plain/fuzzers/fuzz_sequence}
tcpconform=${TCPCONFORM:-build/tcpconform}
for program in "$fuzzer" "$tcpconform"; do
  [ -x "$program" ] || { echo "$program is missing: build it, see corpus/README.md" >&2; exit 2; }
done
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
mkdir -p "$scratch/readable" "$scratch/compact" "$scratch/merged" "$scratch/new" corpus/sequence

"$tcpconform" corpus seeds "$scratch/readable"
for folder in "${folders[@]}"; do
  "$tcpconform" corpus decode "$folder" "$scratch/readable" || [ $? = 5 ]
  find "$folder" -maxdepth 1 -name '*.yaml' -exec cp {} "$scratch/readable/" \;
done
find corpus/sequence -name '*.yaml' -exec cp {} "$scratch/readable/" \;
"$tcpconform" corpus encode "$scratch/readable" "$scratch/compact"
"$fuzzer" -merge=1 "$scratch/merged" "$scratch/compact" >"$scratch/log" 2>&1 || { tail -n 20 "$scratch/log"; exit 1; }

# libFuzzer calls each by its SHA-1; here it has its name again.
(cd "$scratch/compact" && sha1sum -- *) | sort -k 2 | while read -r sum name; do
  [ -f "$scratch/merged/$sum" ] || continue
  rm "$scratch/merged/$sum"
  cp "$scratch/readable/$name.yaml" "$scratch/new/"
done
rm -rf corpus/sequence
mv "$scratch/new" corpus/sequence
echo "$(ls "$scratch/readable" | wc -l) sequences merged into $(ls corpus/sequence | wc -l) in corpus/sequence, $(du -sh --apparent-size corpus/sequence | cut -f1)"
