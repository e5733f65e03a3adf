package ai.transonnx.xtransformers;

import ai.transonnx.config.Option;

/** The options of keys and values. Immutable. */
public record KeyValueOptions(
    @Option(
            value = "PyTorch's fused attention; the same numbers",
            defaultValue = "false",
            since = "1.12.2")
        boolean flash,
    @Option(
            value = "a causal mask that ONNX can express; the same numbers",
            defaultValue = "false",
            since = "1.16.17")
        boolean onnxable) {}
