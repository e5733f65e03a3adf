package ai.transonnx.xtransformers;

/**
 * The options of the branches of layers: scales, skip connections and injected inputs. Immutable.
 */
public record BranchOptions() {}
