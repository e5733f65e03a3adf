#!/usr/bin/env bash
# The time of an export beside that of copying the weights, in turns:
#   benchmarks/export-time.sh LIBRARY CONFIG.json WEIGHTS [ROUNDS]
# The JVM's start is counted; its heap is capped at 64 MB.
set -euo pipefail
library=$1 config=$2 weights=$3 rounds=${4:-5}
jar=$(cd "$(dirname "$0")/.." && pwd)/cli/target/transonnx.jar
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
now() { date +%s%N; }
for _ in $(seq "$rounds"); do
  rm -f "$scratch"/*
  a=$(now)
  cp "$weights" "$scratch/copy"
  b=$(now)
  java -Xmx64m -jar "$jar" export --library "$library" --config "$config" --weights "$weights" \
    --output "$scratch/model.onnx"
  c=$(now)
  awk -v copy=$((b - a)) -v export=$((c - b)) \
    'BEGIN { printf "cp %.0f ms, export %.0f ms, ratio %.2f\n", copy / 1e6, export / 1e6, export / copy }'
done
