package ai.transonnx.layer;

import ai.transonnx.architecture.PastState;
import ai.transonnx.graph.Shape;
import ai.transonnx.graph.Value;
import ai.transonnx.op.Scope;
import java.util.ArrayList;
import org.jspecify.annotations.Nullable;

/**
 * x-transformers' {@code ShiftTokens}: takes chunks of features from other positions. Chunk k is
 * taken from {@code from + k} positions before; features after the last chunk are unchanged.
 *
 * <p>Immutable; threads may share it.
 *
 * @param from the shift of the first chunk, in positions; negative to take it from later positions
 * @param to the shift of the last chunk, in positions
 */
public record ShiftedFeatures(int from, int to) {
  /** The number of chunks, including one whose shift is 0. */
  public int chunks() {
    return to - from + 1;
  }

  /**
   * Shifts the features of whole sequences.
   *
   * @param x {@code [b, n, d]}, d at least {@link #chunks}
   * @param kept bool {@code [b, n]}: positions that are not padding; null for all
   * @return {@code [b, n, d]}; features from positions outside of the sequence are zero
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
   * Shifts the features of sequences that continue those of earlier calls. {@code from} must be 0.
   *
   * @param x {@code [b, n, d]}
   * @param kept bool {@code [b, n]}: positions that are not padding; null for all
   * @param history the state that keeps the last positions
   * @param name the name of the state tensor: {@code [b, to, d]}
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
