package ai.transonnx.xtransformers;

/** The options of norms and scales that depend on a condition. Immutable. */
public record ConditionOptions() {}
