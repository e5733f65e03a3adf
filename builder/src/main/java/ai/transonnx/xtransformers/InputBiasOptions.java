package ai.transonnx.xtransformers;

/** The options of biases that are computed from the input. Immutable. */
public record InputBiasOptions() {}
