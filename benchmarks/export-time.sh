#!/usr/bin/env bash
# Compares the time of an export with that of copying the weights, in alternating runs:
#   benchmarks/export-time.sh LIBRARY CONFIG.json WEIGHTS [ROUNDS]
# WEIGHTS may be an index of shards. The time includes the start of the JVM, by the launcher and by
# `java -jar`. The heap is limited to 64 MB, or $HEAP. Files are written next to the weights.
set -euo pipefail
library=${1:?usage: export-time.sh LIBRARY CONFIG.json WEIGHTS [ROUNDS]} config=$2 weights=$3 rounds=${4:-5}
home=$(cd "$(dirname "$0")/.." && pwd)
folder=$(cd "$(dirname "$weights")" && pwd)
scratch=$(mktemp -d -p "$folder")
trap 'rm -rf "$scratch"' EXIT
files=("$weights")
if [[ $weights == *.index.json ]]; then
  while read -r shard; do files+=("$folder/$shard"); done \
    < <(grep -o '"[^"]*\.safetensors"' "$weights" | tr -d '"' | sort -u)
fi
now() { date +%s%N; }
export_by() {
  "$@" export --library "$library" --config "$config" --weights "$weights" \
    --output "$scratch/model.onnx"
}
launcher() { JDK_JAVA_OPTIONS="-Xmx${HEAP:-64m}" "$home/transonnx" "$@" 2> >(grep -v '^NOTE: ' >&2); }
jar() { java "-Xmx${HEAP:-64m}" -jar "$home/cli/target/transonnx.jar" "$@"; }
launcher --version >/dev/null # builds what is missing
for _ in $(seq "$rounds"); do
  rm -f "$scratch"/*
  a=$(now)
  cp "${files[@]}" "$scratch"
  b=$(now)
  export_by launcher
  c=$(now)
  rm "$scratch"/model.onnx*
  d=$(now)
  export_by jar
  e=$(now)
  awk -v copy=$((b - a)) -v launcher=$((c - b)) -v jar=$((e - d)) \
    'BEGIN { printf "cp %.0f ms, export %.0f ms, ratio %.2f; java -jar %.0f ms, ratio %.2f\n",
      copy / 1e6, launcher / 1e6, launcher / copy, jar / 1e6, jar / copy }'
done
