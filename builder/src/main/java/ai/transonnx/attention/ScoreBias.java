package ai.transonnx.attention;

import ai.transonnx.format.ElementType;
import ai.transonnx.graph.Shape;
import ai.transonnx.graph.Value;
import ai.transonnx.op.Scope;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The bias that is added to the scores, masks and position bias together. Layers with the same
 * inputs share it.
 *
 * <p>Not thread-safe: it belongs to a graph under construction.
 */
public sealed interface ScoreBias {
  /**
   * The queries whose outputs are zero because all of their keys are masked: bool, of a shape that
   * broadcasts to {@code [b, h, i, 1]}; null for none.
   */
  default @Nullable Value emptyRows() {
    return null;
  }

  /** A bias that includes the mask. */
  sealed interface Whole extends ScoreBias {
    /** A value that broadcasts to {@code [b, h, i, j]}. */
    Value value();
  }

  /** Any bias that includes the mask. */
  record Added(Value value, @Nullable Value emptyRows) implements Whole {}

  /**
   * A bias and a mask, between which scores are transformed. Both broadcast to {@code [b, h, i,
   * j]}.
   *
   * @param bias the bias, or null
   * @param allowed bool, false for masked keys; or null
   */
  record Separate(@Nullable Value bias, @Nullable Value allowed, @Nullable Value emptyRows)
      implements ScoreBias {
    static final Separate NONE = new Separate(null, null, null);
  }

  /**
   * Causality alone: masks only keys after the query, in self-attention. Its values are computed on
   * first use, since causal operators need no bias.
   */
  final class Causality implements Whole {
    private final Scope scope;
    private final Value x;
    private final Supplier<Value> source;
    private @Nullable Value value;
    private @Nullable Value count;
    private @Nullable Value last;

    /**
     * The causality of a sequence.
     *
     * @param x {@code [b, n, dim]}
     * @param source computes {@link #value}
     */
    public Causality(Scope scope, Value x, Supplier<Value> source) {
      this.scope = scope;
      this.x = x;
      this.source = source;
    }

    @Override
    public Value value() {
      if (value == null) {
        value = source.get();
      }
      return value;
    }

    /** The number of positions: int32 {@code []}. */
    Value count() {
      if (count == null) {
        count = scope.cast(scope.squeeze(scope.size(x, 1), 0), ElementType.INT32);
      }
      return count;
    }

    /** The index of each sequence's last position: int32 {@code [b]}. */
    Value last() {
      if (last == null) {
        var position = scope.cast(scope.sub(scope.size(x, 1), scope.vector(1)), ElementType.INT32);
        last = scope.expand(position, scope.size(x, 0), Shape.of(x.dim(0))); // [b]
      }
      return last;
    }
  }
}
