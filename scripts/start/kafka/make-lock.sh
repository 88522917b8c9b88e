#!/bin/sh
# For a new version (needs Maven): resolves pom.xml, Kafka's or that of the given folder, and writes jars.lock beside it anew, one
# "path sha256 bytes" a line, sorted.
set -eu
here=$(cd "${1:-$(dirname "$0")}" && pwd)
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
mvn -q -B -f "$here/pom.xml" dependency:copy-dependencies -DincludeScope=runtime -Dmdep.useRepositoryLayout=true -DoutputDirectory="$out"
cd "$out"
find . -name '*.jar' | sed 's#^\./##' | LC_ALL=C sort | while read -r jar; do
  printf '%s %s %s\n' "$jar" "$(sha256sum "$jar" | cut -d' ' -f1)" "$(wc -c <"$jar" | tr -d ' ')"
done >"$here/jars.lock"
