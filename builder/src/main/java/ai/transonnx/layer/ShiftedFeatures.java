package ai.transonnx.layer;

import ai.transonnx.architecture.PastState;
import ai.transonnx.graph.Shape;
import ai.transonnx.graph.Value;
import ai.transonnx.op.Scope;
import java.util.ArrayList;
import org.jspecify.annotations.Nullable;

/**
 * Chunks of features that come from other positions: x-transformers' {@code ShiftTokens}. Chunk k
 * is of {@code from + k} positions before; features that are left over stay where they are.
 *
 * <p>Immutable; threads may share it.
 *
 * @param from the first chunk's shift; negative for positions behind
 * @param to the last chunk's shift
 */
public record ShiftedFeatures(int from, int to) {
  /** How many chunks are shifted. */
  public int chunks() {
    return to - from + 1;
  }

  /**
   * Shifts features.
   *
   * @param x {@code [b, n, d]}, d at least {@link #chunks}
   * @param kept bool {@code [b, n]}: positions that are not padding; null for all
   * @return {@code [b, n, d]}, zeros where there is no such position
   */
  public Value of(Scope scope, Value x, @Nullable Value kept) {
    long features = x.dim(2).size();
    long size = features / chunks();
    var parts = new ArrayList<Value>();
    for (int chunk = 0; chunk < chunks(); chunk++) {
      var part = scope.slice(x, 2, chunk * size, (chunk + 1) * size);
      parts.add(shift(scope, part, from + chunk, kept));
    }
    if (chunks() * size < features) {
      parts.add(scope.slice(x, 2, chunks() * size, features));
    }
    return parts.size() == 1 ? parts.get(0) : scope.concat(2, parts);
  }

  /**
   * Shifts features of a sequence that goes on, where nothing comes from behind.
   *
   * @param x {@code [b, n, d]}
   * @param kept bool {@code [b, n]}: positions that are not padding; null for all
   * @param history where the last positions are kept
   * @param name under which it has them: {@code [b, to, d]}
   * @return {@code [b, n, d]}
   */
  public Value continued(
      Scope scope, Value x, @Nullable Value kept, PastState history, String name) {
    long features = x.dim(2).size();
    var past = history.past(name, x.elements(), Shape.of(to, features)); // [b, to, d]
    var all = scope.concat(1, past, visible(scope, x, kept)); // [b, to + n, d]
    history.present(name, scope.slice(all, 1, -to, Scope.END));
    long size = features / chunks();
    var parts = new ArrayList<Value>();
    parts.add(scope.slice(x, 2, 0, size));
    for (int chunk = 1; chunk < chunks(); chunk++) {
      var before = scope.slice(all, 1, to - chunk, -chunk); // [b, n, d]
      parts.add(scope.slice(before, 2, chunk * size, (chunk + 1) * size));
    }
    if (chunks() * size < features) {
      parts.add(scope.slice(x, 2, chunks() * size, features));
    }
    return scope.concat(2, parts);
  }

  private static Value visible(Scope scope, Value x, @Nullable Value kept) {
    return kept == null ? x : scope.where(scope.unsqueeze(kept, 2), x, scope.scalar(0f));
  }

  private static Value shift(Scope scope, Value x, int amount, @Nullable Value kept) {
    if (amount == 0) {
      return x;
    }
    var visible = visible(scope, x, kept);
    return amount > 0
        ? scope.slice(scope.pad(visible, 1, amount, 0), 1, 0, -amount)
        : scope.slice(scope.pad(visible, 1, 0, -amount), 1, -amount, Scope.END);
  }
}
