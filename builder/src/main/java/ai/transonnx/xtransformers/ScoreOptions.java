package ai.transonnx.xtransformers;

/** The options of attention scores and weights. Immutable. */
public record ScoreOptions() {}
