package ai.transonnx.graph;

import java.util.Optional;

/**
 * The parameters that replace a weight of a quantized model, in one of its uses. Their sources are
 * parts of the same {@link QuantizedMatrix}.
 *
 * <p>Immutable; threads may share it.
 *
 * @param values the integers, {@link QuantizedValues}
 * @param scales the scales of the blocks, {@link BlockScales}
 * @param zeroPoints the zero points of the blocks, {@link BlockZeroPoints}; empty if they are zero
 * @param isTransposed whether the rows that are quantized are the columns of the weight
 */
public record QuantizedParameter(
    Parameter values, Parameter scales, Optional<Parameter> zeroPoints, boolean isTransposed) {
  /** The matrix that is quantized. */
  public QuantizedMatrix matrix() {
    return ((QuantizedPart) values.source()).matrix();
  }
}
