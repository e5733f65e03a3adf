package ai.transonnx.export.internal.expression;

/** The blocks of a quantized matrix, one at a time. Not thread-safe. */
interface QuantizedBlocks {
  /** Makes a block the current one. */
  void select(long row, long index);

  /** The scale of the current block. */
  float scale();

  /** The zero point of the current block; zero if the matrix has none. */
  int zeroPoint();

  /** An integer of the current block. */
  int integer(int index);
}
