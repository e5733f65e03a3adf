package ai.transonnx.xtransformers;

/** The options that run layers again or in another order. Immutable. */
public record LayerReuseOptions() {}
