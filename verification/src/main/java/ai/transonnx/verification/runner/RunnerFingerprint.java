package ai.transonnx.verification.runner;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What exactly ran a model. Two runs with equal fingerprints and equal inputs are expected to
 * compute the same values. Immutable, so threads may share it.
 *
 * @param runtime such as {@code onnxruntime-node}
 * @param version the runtime's version, such as {@code 1.30.0}
 * @param provider what computes, such as {@code CPUExecutionProvider}
 * @param properties further facts, in the order in which they are shown: build, optimization level,
 *     threads, processor and its features, operating system, version of the interpreter or browser
 */
public record RunnerFingerprint(
    String runtime, String version, String provider, Map<String, String> properties) {
  public RunnerFingerprint {
    properties = Collections.unmodifiableMap(new LinkedHashMap<>(properties));
  }
}
