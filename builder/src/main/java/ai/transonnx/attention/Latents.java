package ai.transonnx.attention;

import ai.transonnx.graph.Value;
import ai.transonnx.layer.Linear;
import ai.transonnx.op.Scope;
import org.jspecify.annotations.Nullable;

/**
 * Multi-head latent attention: queries, or keys and values, are computed from latent features of
 * the inputs. Immutable; threads may share it.
 *
 * @param dim number of input features
 * @param queryDim number of latent features of queries; null to compute them from the input
 * @param keyValueDim number of latent features of keys and values; null to compute them from the
 *     input
 * @param rotated the projection of the last heads of keys, from the input itself; null without
 * @see <a href="https://arxiv.org/abs/2405.04434">DeepSeek-V2</a>
 */
public record Latents(
    long dim,
    @Nullable Integer queryDim,
    @Nullable Integer keyValueDim,
    @Nullable HeadProjection rotated) {
  /** The input of the projection of queries; {@code scope} is the attention's module. */
  Value ofQueries(Scope scope, Value x) {
    return queryDim == null ? x : latent(scope, "to_latent_q", queryDim, x);
  }

  /** The input of the projections of keys and values. */
  Value ofKeys(Scope scope, Value x) {
    return keyValueDim == null ? x : latent(scope, "to_latent_kv", keyValueDim, x);
  }

  private Value latent(Scope scope, String name, int features, Value x) {
    return new Linear(dim, features, false).of(scope.child(name), x); // [b, n, features]
  }

  /**
   * All heads of keys.
   *
   * @param keys the heads that are computed from latent features: {@code [b, g, j, d]}
   * @param input the keys' input: {@code [b, j, dim]}
   */
  Value withRotated(Scope scope, Value keys, Value input) {
    return rotated == null ? keys : scope.concat(1, keys, rotated.of(scope, input));
  }

  /** The number of heads of keys that are computed from the input itself. */
  int rotatedHeads() {
    return rotated == null ? 0 : rotated.heads();
  }
}
