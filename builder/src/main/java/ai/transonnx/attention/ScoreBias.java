package ai.transonnx.attention;

import ai.transonnx.format.ElementType;
import ai.transonnx.graph.Shape;
import ai.transonnx.graph.Value;
import ai.transonnx.op.Scope;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What is added to the scores of all layers that attend alike: masks and position bias together.
 *
 * <p>Not thread-safe: it belongs to a graph under construction.
 */
public sealed interface ScoreBias {
  /** A value that broadcasts to {@code [b, h, i, j]}. */
  Value value();

  /** Any bias. */
  record Added(Value value) implements ScoreBias {}

  /**
   * Hides what follows, in a sequence that attends to itself, and does nothing else. What it takes
   * is computed when it is first asked for: operators that know causality need no bias.
   */
  final class Causality implements ScoreBias {
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
     * @param source makes {@link #value}
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

    /** How many positions there are: int32 {@code []}. */
    Value count() {
      if (count == null) {
        count = scope.cast(scope.squeeze(scope.size(x, 1), 0), ElementType.INT32);
      }
      return count;
    }

    /** The last position of each sequence: int32 {@code [b]}. */
    Value last() {
      if (last == null) {
        var position = scope.cast(scope.sub(scope.size(x, 1), scope.vector(1)), ElementType.INT32);
        last = scope.expand(position, scope.size(x, 0), Shape.of(x.dim(0))); // [b]
      }
      return last;
    }
  }
}
