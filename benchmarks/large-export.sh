#!/usr/bin/env bash
# Compares exporting 8 GB of weights in 8 shards, with a heap of 256 MB, with copying them:
#   benchmarks/large-export.sh FOLDER [ROUNDS]
# FOLDER needs 24 GB of free space; the files in it are removed afterwards.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "${1:?usage: large-export.sh FOLDER [ROUNDS]}"
folder=$(mktemp -d -p "$1")
trap 'rm -rf "$folder"' EXIT
java -cp "$here/target/benchmarks.jar" ai.transonnx.benchmarks.RandomWeights \
  token-shift-gpt "$here/large.json" "$folder/model.safetensors.index.json" 8
du -ch "$folder"/*.safetensors | tail -n 1
HEAP=256m "$here/export-time.sh" token-shift-gpt "$here/large.json" \
  "$folder/model.safetensors.index.json" "${2:-1}"
