package ai.transonnx.attention;

import ai.transonnx.format.ElementType;
import ai.transonnx.graph.Value;
import ai.transonnx.op.Scope;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * An attention mask: the conjunction of several masks.
 *
 * <p>Scores of masked keys become the lowest finite float, as in the libraries: a query whose keys
 * are all masked attends to all of them equally. The mask is added to the scores. This is exact,
 * since adding any score to the lowest float gives the lowest float.
 *
 * <p>Not thread-safe: it belongs to a graph under construction.
 */
public final class Masking {
  private final Scope scope;
  private @Nullable Value allowed;
  private @Nullable Value emptyRows;

  /** A mask that allows all keys. */
  public Masking(Scope scope) {
    this.scope = scope;
  }

  /**
   * Masks keys.
   *
   * @param visible bool, false for masked keys, of a shape that broadcasts to {@code [b, h, i, j]}
   */
  public void allow(Value visible) {
    allowed = allowed == null ? visible : scope.and(allowed, visible);
  }

  /** Makes outputs zero whose keys are all masked so far, whatever is masked later. */
  public void zeroEmptyRows() {
    if (allowed != null) {
      var counted = scope.cast(allowed, ElementType.INT64);
      var some = scope.keptMax(counted, allowed.rank() - 1); // [..., 1]
      emptyRows = scope.less(some, scope.scalar(1L));
    }
  }

  /** Whether no key is masked. */
  public boolean hidesNothing() {
    return allowed == null;
  }

  /** Masks padding keys: {@code kept} is bool {@code [b, j]}, false for padding. */
  public void allowKeys(Value kept) {
    allow(scope.unsqueeze(scope.unsqueeze(kept, 1), 1)); // [b, 1, 1, j]
  }

  /** Masks all keys of padding queries: {@code kept} is bool {@code [b, i]}, false for padding. */
  public void allowQueries(Value kept) {
    allow(scope.unsqueeze(scope.unsqueeze(kept, 1), 3)); // [b, 1, i, 1]
  }

  /** Masks keys after the query. */
  public void causal(Positions positions) {
    if (!positions.j().is(1)) {
      allow(upTo(positions));
    }
  }

  /**
   * Masks keys after the query, except the first keys.
   *
   * @param prefix the number of keys that are visible to all queries: int64 {@code [b]}
   * @param weights number of learned memory keys, which are the first keys
   */
  public void causalAfter(Positions positions, Value prefix, int weights) {
    var ends = scope.unsqueeze(scope.unsqueeze(scope.unsqueeze(prefix, 1), 2), 3); // [b, 1, 1, 1]
    var end = weights == 0 ? ends : scope.add(ends, scope.scalar((long) weights));
    allow(scope.or(upTo(positions), scope.less(positions.keys(), end))); // [b, 1, i, j]
  }

  /**
   * Masks all keys of padding queries, except learned memory keys.
   *
   * @param kept bool {@code [b, i]}, false for padding
   * @param keys int64 {@code [j]}: 0 to j - 1
   * @param weights number of learned memory keys, which are the first keys
   */
  public void allowQueries(Value kept, Value keys, int weights) {
    var queries = scope.unsqueeze(scope.unsqueeze(kept, 1), 3); // [b, 1, i, 1]
    allow(
        weights == 0
            ? queries
            : scope.or(queries, scope.less(keys, scope.scalar((long) weights)))); // [b, 1, i, j]
  }

  /** Masks keys that are more than {@code most} positions before the query. */
  public void maxPast(Positions positions, long most) {
    allow(near(positions, most));
  }

  /**
   * Masks keys that are more than {@code most} positions before the query, except learned memory
   * keys.
   *
   * @param weights number of learned memory keys, which are the first keys
   */
  public void maxPast(Positions positions, long most, int weights) {
    var near = near(positions, most);
    allow(weights == 0 ? near : scope.or(near, positions.isBefore(weights)));
  }

  private Value near(Positions positions, long most) {
    return scope.lessOrEqual(positions.distances(), scope.scalar(most)); // [i, j]
  }

  /** Masks keys that are less than {@code least} positions before the query, or after it. */
  public void minPast(Positions positions, long least) {
    allow(scope.greaterOrEqual(positions.distances(), scope.scalar(least))); // [i, j]
  }

  /**
   * Masks keys outside of a sliding window, except learned memory keys.
   *
   * @param window the number of positions in the window, including the query's: int64 {@code [1]}
   * @param slots int64 {@code [j]}: 0 to j - 1
   * @param weights number of learned memory keys, which are the first keys
   */
  void window(Positions positions, Value window, Value slots, int weights) {
    var near = scope.less(positions.distances(), window); // [b, 1, i, j]
    allow(weights == 0 ? near : scope.or(near, scope.less(slots, scope.scalar((long) weights))));
  }

  /**
   * The mask as a bias to add to the scores.
   *
   * @param bias another bias to include, or null
   * @return null if there is nothing to add
   */
  public @Nullable ScoreBias bias(@Nullable Value bias) {
    if (allowed == null) {
      return bias == null ? null : new ScoreBias.Added(bias, null);
    }
    var visible = bias == null ? scope.scalar(0f) : bias;
    return new ScoreBias.Added(hidden(allowed, visible), emptyRows);
  }

  /** The values of the mask, of which there is one, to add to the scores. */
  Value values() {
    return hidden(Objects.requireNonNull(allowed), scope.scalar(0f));
  }

  /**
   * The mask and another bias, apart from each other.
   *
   * @param bias the bias, or null
   * @return null if there are neither
   */
  public @Nullable ScoreBias separate(@Nullable Value bias) {
    return allowed == null && bias == null
        ? null
        : new ScoreBias.Separate(bias, allowed, emptyRows);
  }

  private Value hidden(Value visible, Value bias) {
    return scope.where(visible, bias, scope.lowest());
  }

  /**
   * Causality alone: masks only keys after the query, in self-attention.
   *
   * @param x {@code [b, n, dim]}
   * @param positions supplies the positions of the sequence
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
