package ai.transonnx.runtime;

import ai.transonnx.format.StateTensor;
import java.util.List;

/**
 * The memory that rows take in a {@link DecodeBatch}, without spare slots. The size of a context is
 * not known before it is computed, and not included.
 */
public final class RowMemory {
  private final List<StateTensor> pairs;
  private final CacheLayout layout;
  private final int window;

  /** The memory of rows of a model in loops with this {@link ContextOverflow}. */
  public RowMemory(OnnxModel model, ContextOverflow overflow) {
    var metadata = model.metadata();
    this.pairs = metadata.state();
    this.layout = metadata.cacheLayout(overflow);
    this.window = metadata.window(overflow);
  }

  /**
   * The bytes of some rows; infinity if one of the tensors is larger than the 2 GiB that are
   * possible.
   *
   * @param positions the number of positions of the longest row
   */
  public double bytes(int rows, long positions) {
    double all = 0;
    for (var pair : pairs) {
      double bytes = rows * rowBytes(pair, positions);
      all += bytes > Integer.MAX_VALUE ? Double.POSITIVE_INFINITY : bytes;
    }
    return all;
  }

  private double rowBytes(StateTensor pair, long positions) {
    long used = layout.used(Math.max(1, Math.min(positions, window)));
    double bytes = pair.type().bytes();
    for (int axis = 1; axis < pair.shape().size(); axis++) {
      var size = pair.shape().get(axis);
      bytes *= axis == pair.growingAxis() ? used : size.isFixed() ? size.size() : 1;
    }
    return bytes;
  }
}
