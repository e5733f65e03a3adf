package ai.transonnx.xtransformers;

/** The options of gates of the heads' outputs. Immutable. */
public record GateOptions() {}
