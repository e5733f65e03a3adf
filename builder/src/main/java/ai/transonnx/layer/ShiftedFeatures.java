package ai.transonnx.layer;

import ai.transonnx.graph.Value;
import ai.transonnx.op.Scope;
import java.util.ArrayList;
import org.jspecify.annotations.Nullable;

/**
 * Chunks of features that come from other positions: x-transformers' {@code ShiftTokens}. Chunk k
 * is of {@code from + k} positions before; features that are left over stay where they are.
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

  private static Value shift(Scope scope, Value x, int amount, @Nullable Value kept) {
    if (amount == 0) {
      return x;
    }
    var visible = kept == null ? x : scope.where(scope.unsqueeze(kept, 2), x, scope.scalar(0f));
    return amount > 0
        ? scope.slice(scope.pad(visible, 1, amount, 0), 1, 0, -amount)
        : scope.slice(scope.pad(visible, 1, 0, -amount), 1, -amount, Scope.END);
  }
}
