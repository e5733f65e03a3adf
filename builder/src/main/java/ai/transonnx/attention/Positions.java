package ai.transonnx.attention;

import ai.transonnx.graph.Dim;
import ai.transonnx.graph.Value;
import ai.transonnx.op.Scope;
import org.jspecify.annotations.Nullable;

/**
 * Where queries and keys stand in one sequence, of which the queries are the last. Keys stand at 0
 * to j - 1, queries at j - i to j - 1.
 */
public final class Positions {
  private final Scope scope;
  private final Value queries;
  private final Value keys;
  private final Value queryCount;
  private final Value keyCount;
  private @Nullable Value distances;

  private Positions(Scope scope, Value queries, Value queryCount, Value keys, Value keyCount) {
    this.scope = scope;
    this.queries = queries;
    this.queryCount = queryCount;
    this.keys = keys;
    this.keyCount = keyCount;
  }

  /**
   * The positions of i queries and j keys.
   *
   * @param queryCount int64 {@code [1]}
   * @param i what {@code queryCount} is when the model runs
   * @param keyCount int64 {@code [1]}, not less than {@code queryCount}
   * @param j what {@code keyCount} is when the model runs
   */
  public static Positions of(Scope scope, Value queryCount, Dim i, Value keyCount, Dim j) {
    var keys = scope.range(keyCount, j); // [j]
    var queries =
        i.equals(j)
            ? keys
            : scope.add(scope.range(queryCount, i), scope.sub(keyCount, queryCount)); // [i]
    return new Positions(scope, queries, queryCount, keys, keyCount);
  }

  /** The same queries and keys, as if both began the sequence: queries stand at 0 to i - 1. */
  public Positions fromStart() {
    if (queries == keys) {
      return this;
    }
    var starting = scope.range(queryCount, queries.dim(0)); // [i]
    return new Positions(scope, starting, queryCount, keys, keyCount);
  }

  /** int64 {@code [i]}. */
  public Value queries() {
    return queries;
  }

  /** int64 {@code [j]}. */
  public Value keys() {
    return keys;
  }

  /** The number of keys: int64 {@code [1]}. */
  public Value keyCount() {
    return keyCount;
  }

  /** How far each query is behind each key: int64 {@code [i, j]}. */
  public Value distances() {
    if (distances == null) {
      distances = scope.sub(scope.unsqueeze(queries, 1), scope.unsqueeze(keys, 0));
    }
    return distances;
  }
}
