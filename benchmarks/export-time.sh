#!/usr/bin/env bash
# The time of an export beside that of copying the weights, in turns:
#   benchmarks/export-time.sh LIBRARY CONFIG.json WEIGHTS [ROUNDS]
# WEIGHTS may be an index; its shards are copied, too. The JVM's start is counted; its heap is capped
# at 64 MB, or $HEAP. Files are written beside the weights.
set -euo pipefail
library=${1:?which? export-time.sh LIBRARY CONFIG.json WEIGHTS [ROUNDS]} config=$2 weights=$3 rounds=${4:-5}
jar=$(cd "$(dirname "$0")/.." && pwd)/cli/target/transonnx.jar
folder=$(cd "$(dirname "$weights")" && pwd)
scratch=$(mktemp -d -p "$folder")
trap 'rm -rf "$scratch"' EXIT
files=("$weights")
if [[ $weights == *.index.json ]]; then
  while read -r shard; do files+=("$folder/$shard"); done \
    < <(grep -o '"[^"]*\.safetensors"' "$weights" | tr -d '"' | sort -u)
fi
now() { date +%s%N; }
for _ in $(seq "$rounds"); do
  rm -f "$scratch"/*
  a=$(now)
  cp "${files[@]}" "$scratch"
  b=$(now)
  java -Xmx"${HEAP:-64m}" -jar "$jar" export --library "$library" --config "$config" \
    --weights "$weights" --output "$scratch/model.onnx"
  c=$(now)
  awk -v copy=$((b - a)) -v export=$((c - b)) \
    'BEGIN { printf "cp %.0f ms, export %.0f ms, ratio %.2f\n", copy / 1e6, export / 1e6, export / copy }'
done
