#!/usr/bin/env bash
# Writes the dictionary of fuzz_spec to standard output: every key, word, variable and name that the language knows, read
# from the headers that own them, and the signs of YAML that its reader looks at. fuzz_spec.dict is what it wrote last.
set -eu
cd "$(dirname "$0")/../.."

# The texts in quotes of these files.
quoted() { sed 's,//.*,,' "$@" | grep -v '#include' | grep -oE '"[^"\\]+"' | tr -d '"'; }

{
  quoted harness/spec/keys.h harness/spec/words.h
  sed -nE 's/^ *X\([A-Za-z]+, ("[^"]+").*/\1/p' harness/spec/variables.h | tr -d '"'
  grep -hE 'case .*return "|constexpr .*k(Reserved|Signs|Units|Fields)\[\]|const Words kFields' \
    harness/spec/lexer.cc harness/spec/phrase_segment.cc harness/target/user.cc harness/target/target.cc \
    stack/wire/state.h | sed 's/.*return //' | quoted
  printf '%s\n' ': ' '- ' '? ' '[' ']' '{' '}' ',' '#' '|' '>-' '&a ' '*a' '!!str ' '<<: ' '---' '...' '%YAML 1.2' '~' \
    "''" '<-' '<' '>=' '!=' ' / ' ' * ' ' + ' ' - ' ' =< ' ' or ' ' and ' 'not ' 'max(' 'min(' '0xffffffff' '4294967295' \
    '4294967296' '9223372036854775807' '007' ' ms' ' min' 'timeout=10s' 'go to ' 'MUST-58' 'SHLD-2' 'RFC 9293 3.10.7.4' \
    '<SEQ=' '<ACK=' '<CTL=' '<WND=' '<UP=' '<MSS=' '<DATA=' '<OPT=' '<RSV=' '<BAD=' '<SEC=other>' '<CTL=*>'
} | LC_ALL=C sort -u | awk '
  BEGIN { print "# The words of the YAML language; written by fuzz/entry/dictionary.sh." }
  { gsub(/\\/, "\\\\"); gsub(/"/, "\\\""); print "\"" $0 "\"" }
  END { print "\"\\x0a\"\n\"\\x0a  \"\n\"\\x0a- \"\n\"\\x09\"\n\"\\xef\\xbb\\xbf\"\n\"\\xc3\\xa4\"" }'
