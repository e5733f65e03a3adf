package ai.transonnx.attention;

import ai.transonnx.graph.Value;
import ai.transonnx.op.Scope;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Which keys a query may see, gathered from several masks; all of them must allow it.
 *
 * <p>Scores of hidden keys become the lowest finite float, as the libraries have it: a query with
 * every key hidden sees all alike. They are added, which is exact: the lowest float takes up any
 * score.
 *
 * <p>Not thread-safe: it belongs to a graph under construction.
 */
public final class Masking {
  /** The score of a hidden key. */
  public static final float LOWEST = -Float.MAX_VALUE;

  private final Scope scope;
  private @Nullable Value allowed;

  /** Nothing is hidden so far. */
  public Masking(Scope scope) {
    this.scope = scope;
  }

  /**
   * Hides keys.
   *
   * @param visible bool, of a shape that broadcasts to {@code [b, h, i, j]}
   */
  public void allow(Value visible) {
    allowed = allowed == null ? visible : scope.and(allowed, visible);
  }

  /** Whether nothing is hidden so far. */
  public boolean hidesNothing() {
    return allowed == null;
  }

  /** Hides keys that are padding: {@code kept} is bool {@code [b, j]}. */
  public void allowKeys(Value kept) {
    allow(scope.unsqueeze(scope.unsqueeze(kept, 1), 1)); // [b, 1, 1, j]
  }

  /** Hides keys behind the query. */
  public void causal(Positions positions) {
    if (!positions.j().is(1)) {
      allow(upTo(positions));
    }
  }

  /**
   * Hides all keys from queries that are padding, but those that are weights.
   *
   * @param kept bool {@code [b, i]}
   * @param keys int64 {@code [j]}: 0 to j - 1
   * @param weights how many of the first keys are weights
   */
  public void allowQueries(Value kept, Value keys, int weights) {
    var queries = scope.unsqueeze(scope.unsqueeze(kept, 1), 3); // [b, 1, i, 1]
    allow(
        weights == 0
            ? queries
            : scope.or(queries, scope.less(keys, scope.scalar((long) weights)))); // [b, 1, i, j]
  }

  /** Hides keys that are further before the query than so many positions. */
  public void maxPast(Positions positions, long most) {
    allow(scope.lessOrEqual(positions.distances(), scope.scalar(most))); // [i, j]
  }

  /** Hides keys that are nearer before the query than so many positions, or behind it. */
  public void minPast(Positions positions, long least) {
    allow(scope.greaterOrEqual(positions.distances(), scope.scalar(least))); // [i, j]
  }

  /**
   * Hides keys that are not among the last of a query, but those that are weights.
   *
   * @param window how many a query sees, its own among them: int64 {@code [1]}
   * @param slots int64 {@code [j]}: 0 to j - 1
   * @param weights how many of the first keys are weights
   */
  void window(Positions positions, Value window, Value slots, int weights) {
    var near = scope.less(positions.distances(), window); // [b, 1, i, j]
    allow(weights == 0 ? near : scope.or(near, scope.less(slots, scope.scalar((long) weights))));
  }

  /**
   * What is to be added to the scores.
   *
   * @param bias what else is added, or null
   * @return null if there is nothing to add
   */
  public @Nullable ScoreBias bias(@Nullable Value bias) {
    if (allowed == null) {
      return bias == null ? null : new ScoreBias.Added(bias);
    }
    var visible = bias == null ? scope.scalar(0f) : bias;
    return new ScoreBias.Added(hidden(allowed, visible));
  }

  private Value hidden(Value visible, Value bias) {
    return scope.where(visible, bias, scope.scalar(LOWEST));
  }

  /**
   * Hides nothing but what follows, in a sequence that attends to itself.
   *
   * @param x {@code [b, n, dim]}
   * @param positions makes those of the sequence
   */
  public static ScoreBias causality(Scope scope, Value x, Supplier<Positions> positions) {
    var masking = new Masking(scope);
    return new ScoreBias.Causality(
        scope, x, () -> masking.hidden(masking.upTo(positions.get()), scope.scalar(0f)));
  }

  private Value upTo(Positions positions) {
    return scope.greaterOrEqual(positions.distances(), scope.scalar(0L)); // [i, j]
  }
}
