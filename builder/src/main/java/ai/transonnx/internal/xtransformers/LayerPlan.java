package ai.transonnx.internal.xtransformers;

/**
 * A layer of a stack with its norms and wrappers. Immutable.
 *
 * @param normedInput whether the layer's input is normalized
 * @param normedOutput whether the layer's output is normalized
 * @param normedSum whether the sum of output and residual is normalized
 * @param shift the number of preceding positions from which features are taken; 0 for no shift
 * @param halfWeight whether the output is multiplied by 0.5, as in macaron feedforward layers
 * @param rezero whether the output has a learned scale (ReZero)
 */
public record LayerPlan(
    LayerKind kind,
    boolean normedInput,
    boolean normedOutput,
    boolean normedSum,
    int shift,
    boolean halfWeight,
    boolean rezero) {}
