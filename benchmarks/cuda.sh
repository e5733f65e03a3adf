#!/usr/bin/env bash
# Golden cases, trained models and benchmarks on a machine with a CUDA device:
#   benchmarks/cuda.sh [N]        N is the device, counted from 0
# Needs CUDA 12 and cuDNN 9; the first run downloads onnxruntime_gpu (642 MB).
set -euo pipefail
device=cuda:${1:-0}
cd "$(dirname "$0")/.."
mvn -B -q -Pcuda,benchmarks -pl cli,benchmarks -am package -DskipTests
transonnx() { java -jar cli/target/transonnx.jar "$@"; }

transonnx doctor --device "$device"
status=0
for cases in golden-tests/cases golden-tests/trained; do
  transonnx verify --cases "$cases" --device "$device" || status=$?
done
java -jar benchmarks/target/benchmarks.jar GenerationBenchmark \
  -jvmArgsAppend "-Dtransonnx.device=$device"
java -jar benchmarks/target/benchmarks.jar GenerationBenchmark
exit "$status"
