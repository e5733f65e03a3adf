package ai.transonnx.attention;

import ai.transonnx.graph.Value;
import ai.transonnx.op.Scope;
import org.jspecify.annotations.Nullable;

/**
 * RMS norm of the queries and keys of each head, {@code qk_rmsnorm}, or of keys alone, {@code
 * k_rmsnorm}. Learned memory keys are not normalized.
 *
 * <p>Immutable; threads may share it.
 *
 * @param ofQueries the norm of queries, or null
 * @param ofKeys the norm of keys
 */
public record QueryKeyRmsNorm(@Nullable HeadRmsNorm ofQueries, HeadRmsNorm ofKeys)
    implements QueryKeyTransform {
  @Override
  public Value queries(Scope scope, Value q) {
    return ofQueries == null ? q : ofQueries.of(scope.child("q_rmsnorm"), q);
  }

  @Override
  public Value keys(Scope scope, Value k) {
    return ofKeys.of(scope.child("k_rmsnorm"), k);
  }
}
