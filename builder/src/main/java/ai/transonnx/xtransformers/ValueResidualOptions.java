package ai.transonnx.xtransformers;

/** The options of values that are mixed with those of the first layer. Immutable. */
public record ValueResidualOptions() {}
