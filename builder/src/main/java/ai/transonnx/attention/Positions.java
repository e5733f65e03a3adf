package ai.transonnx.attention;

import ai.transonnx.format.Dim;
import ai.transonnx.graph.Value;
import ai.transonnx.op.Scope;
import org.jspecify.annotations.Nullable;

/**
 * The positions of queries and keys in a sequence. By default, keys are at positions 0 to j - 1 and
 * queries at the last of these, j - i to j - 1. Other positions can be given, including different
 * ones for each row.
 *
 * <p>Not thread-safe: it belongs to a graph under construction.
 */
public final class Positions {
  private final Scope scope;
  private final Value queries;
  private final Value keys;
  private final Value before;
  private final Value keyCount;
  private @Nullable Value distances;

  private Positions(Scope scope, Value queries, Value before, Value keys, Value keyCount) {
    this.scope = scope;
    this.queries = queries;
    this.before = before;
    this.keys = keys;
    this.keyCount = keyCount;
  }

  /**
   * The positions of i queries and j keys.
   *
   * @param queryCount int64 {@code [1]}
   * @param i the dimension of queries, {@code queryCount}
   * @param keyCount int64 {@code [1]}, not less than {@code queryCount}
   * @param j the dimension of keys, {@code keyCount}
   */
  public static Positions of(Scope scope, Value queryCount, Dim i, Value keyCount, Dim j) {
    var keys = scope.range(keyCount, j); // [j]
    if (i.equals(j)) {
      return new Positions(scope, keys, scope.vector(0), keys, keyCount);
    }
    var before = scope.sub(keyCount, queryCount); // [1]
    var queries = scope.add(scope.range(queryCount, i), before); // [i]
    return new Positions(scope, queries, before, keys, keyCount);
  }

  /**
   * The positions of self-attention without keys from earlier calls.
   *
   * @param x {@code [b, n, ...]}
   */
  public static Positions of(Scope scope, Value x) {
    var length = scope.size(x, 1);
    return of(scope, length, x.dim(1), length, x.dim(1));
  }

  /**
   * Given positions, the same for queries and keys.
   *
   * @param positions int64 {@code [n]} or {@code [b, n]}
   */
  public static Positions given(Scope scope, Value positions) {
    var count = scope.size(positions, positions.rank() - 1);
    return new Positions(scope, positions, scope.vector(0), positions, count);
  }

  /**
   * The same queries and keys, with query positions reduced by the number of keys before the first
   * query.
   */
  public Positions fromStart() {
    if (queries == keys) {
      return this;
    }
    return new Positions(scope, scope.sub(queries, before), scope.vector(0), keys, keyCount);
  }

  /**
   * Given positions of queries and keys.
   *
   * @param queries int64 {@code [b, i]}
   * @param before number of keys before the first query of the sequence: int64 {@code [1]}
   * @param keys int64 {@code [j]}, or {@code [b, j]}
   * @param keyCount the number of keys, j: int64 {@code [1]}
   */
  static Positions of(Scope scope, Value queries, Value before, Value keys, Value keyCount) {
    return new Positions(scope, queries, before, keys, keyCount);
  }

  /** The positions of queries: int64 {@code [i]}, or {@code [b, i]}. */
  public Value queries() {
    return queries;
  }

  /** The positions of keys: int64 {@code [j]}, or {@code [b, j]}. */
  public Value keys() {
    return keys;
  }

  /** The number of keys: int64 {@code [1]}. */
  public Value keyCount() {
    return keyCount;
  }

  /** The dimension of keys, {@link #keyCount}. */
  public Dim j() {
    return keys.dim(-1);
  }

  /**
   * The position of each query minus that of each key: int64 {@code [i, j]}, or {@code [b, 1, i,
   * j]}.
   */
  public Value distances() {
    if (distances == null) {
      var each = scope.unsqueeze(keys, keys.rank() - 1); // [1, j], or [b, 1, j]
      var differences = scope.sub(scope.unsqueeze(queries, queries.rank()), each);
      distances = queries.rank() == 1 ? differences : scope.unsqueeze(differences, 1);
    }
    return distances;
  }

  /** Whether a key is after the sequence's first: bool {@code [1, j]}, or {@code [b, 1, 1, j]}. */
  Value areAfterFirst() {
    var each = scope.unsqueeze(keys, keys.rank() - 1); // [1, j], or [b, 1, j]
    var isAfter = scope.less(before, each);
    return keys.rank() == 1 ? isAfter : scope.unsqueeze(isAfter, 1);
  }

  /**
   * Whether a key is one of the first ones: bool {@code [1, j]}, or {@code [b, 1, 1, j]}.
   *
   * @param count number of first keys
   */
  Value isBefore(long count) {
    var each = scope.unsqueeze(keys, keys.rank() - 1); // [1, j], or [b, 1, j]
    var isFirst = scope.less(each, scope.scalar(count));
    return keys.rank() == 1 ? isFirst : scope.unsqueeze(isFirst, 1);
  }

  /**
   * Looks up each distance in a table.
   *
   * @param table {@code [m, h]}
   * @param rows the table's row for each distance: int64, of the shape of {@link #distances}
   * @return {@code [h, i, j]}, or {@code [b, h, i, j]}
   */
  Value lookUp(Scope scope, Value table, Value rows) {
    return queries.rank() == 1
        ? scope.gather(scope.transpose(table, 1, 0), 1, rows)
        : scope.transpose(scope.gather(table, 0, scope.squeeze(rows, 1)), 0, 3, 1, 2);
  }
}
