package ai.transonnx.graph;

import ai.transonnx.format.ElementType;
import java.util.List;

/**
 * A stored part of a quantized matrix: its integers, its scales, or its zero points.
 *
 * <p>Implementations are immutable; threads may share them.
 */
public sealed interface QuantizedPart extends WeightExpression
    permits QuantizedValues, BlockScales, BlockZeroPoints {
  /**
   * The order of a part's elements, and the encoding of its integers.
   *
   * <p>Immutable; threads may share it.
   */
  enum Layout {
    /** Signed integers, the rows of the matrix along the last axis. */
    COLUMNS,
    /** int8, the rows of the matrix along the first axis, as in the layouts below. */
    ROWS,
    /** Integers minus the type's least; of int4, two in a uint8, the first in the lower bits. */
    OFFSET_ROWS,
    /**
     * As {@link #OFFSET_ROWS}, with an axis for the blocks; the last block of a row is filled up
     * with zeros.
     */
    OFFSET_BLOCKS
  }

  /** The matrix. */
  QuantizedMatrix matrix();

  /** The order of the elements. */
  Layout layout();

  /** The element type of the result. */
  ElementType elements();

  @Override
  default List<Stored> stored() {
    return matrix().of().stored();
  }
}
