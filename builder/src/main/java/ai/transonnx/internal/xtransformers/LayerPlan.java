package ai.transonnx.internal.xtransformers;

/**
 * One layer of a stack, with what is around it.
 *
 * @param normedInput whether what enters the layer is normalized
 * @param normedOutput whether what leaves it is
 * @param normedSum whether its sum with the residual is
 * @param shift how far its features are shifted; 0 for not at all
 * @param halved whether it counts half, as a macaron's feedforwards do
 * @param rezero whether it has a learned factor, which begins at 0
 */
public record LayerPlan(
    LayerKind kind,
    boolean normedInput,
    boolean normedOutput,
    boolean normedSum,
    int shift,
    boolean halved,
    boolean rezero) {}
