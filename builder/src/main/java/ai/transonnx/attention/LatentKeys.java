package ai.transonnx.attention;

import ai.transonnx.attention.MemoryKeyValues.KeyValues;
import ai.transonnx.graph.Value;
import ai.transonnx.op.Scope;
import org.jspecify.annotations.Nullable;

/**
 * Keys and values that are projections of latent features, which are computed for no position: the
 * projection of keys applies to the queries instead, and that of values to the sums of latent
 * features.
 *
 * <p>Learned memory keys and the key of zeros have the first slots, where latent features are
 * zeros.
 *
 * <p>Not thread-safe: it belongs to a graph under construction.
 *
 * @param latents {@code [b, 1, j, features]}
 * @param rotated the keys of the last heads, from the input itself: {@code [b, r, j, d]}; null
 *     without
 */
record LatentKeys(HeadInputs inputs, Value latents, @Nullable Value rotated)
    implements AttendedKeys {
  /**
   * The latent features of a call's positions, and the keys of the last heads.
   *
   * @param input the keys' input: {@code [b, j, dim]}
   * @param encoding encodes the positions of these heads; or null
   */
  static KeyValues ofInput(
      Scope scope,
      HeadInputs inputs,
      Latents latents,
      Value input,
      @Nullable PositionEncoding encoding) {
    int slots = inputs.leadingKeys();
    var features = leading(scope, scope.unsqueeze(latents.ofKeys(scope, input), 1), slots);
    var rotated = latents.rotated();
    if (rotated == null) {
      return new KeyValues(features, features);
    }
    var keys = rotated.of(scope, input); // [b, r, j, d]
    var encoded = encoding == null ? keys : encoding.of(scope, keys);
    return new KeyValues(features, leading(scope, encoded, slots));
  }

  private static Value leading(Scope scope, Value x, int slots) {
    return slots == 0 ? x : scope.pad(x, 2, slots, 0);
  }

  @Override
  public Value products(Scope scope, Value queries) {
    long last = rotated == null ? 0 : rotated.dim(1).size();
    long first = inputs.heads() - last;
    var parts = last == 0 ? null : scope.split(queries, 1, first, last);
    var projection = inputs.key().byHead(scope); // [1, g, d, features]
    var groups = new HeadGroups((int) first, inputs.key().heads());
    var absorbed =
        scope.matMul(parts == null ? queries : parts.get(0), groups.repeated(scope, projection));
    var products = scope.matMul(absorbed, scope.transpose(latents, 0, 1, 3, 2)); // [b, h, i, j]
    var all =
        parts == null || rotated == null
            ? products
            : scope.concat(
                1, products, scope.matMul(parts.get(1), scope.transpose(rotated, 0, 1, 3, 2)));
    return withMemory(scope, queries, all);
  }

  /** The products, with those of learned memory keys in their slots. */
  private Value withMemory(Scope scope, Value queries, Value products) {
    var memory = inputs.memory();
    if (memory == null) {
      return products;
    }
    var keys = scope.unsqueeze(memory.keys(scope), 0); // [1, g, m, d]
    var ofMemory = inputs.keyGroups().productOfTransposed(scope, queries, keys); // [b, h, i, m]
    var zeros = inputs.zeroKey() ? scope.pad(ofMemory, 3, 1, 0) : ofMemory;
    var others = scope.slice(products, 3, inputs.leadingKeys(), Scope.END);
    return scope.concat(3, zeros, others);
  }

  @Override
  public Value sums(Scope scope, Value weights) {
    var features = scope.matMul(weights, latents); // [b, h, i, features]
    var value = inputs.value();
    if (value == null) {
      throw new IllegalStateException("latent keys are not values");
    }
    var projection = scope.transpose(value.byHead(scope), 0, 1, 3, 2); // [1, g, features, d]
    var sums = scope.matMul(features, inputs.valueGroups().repeated(scope, projection));
    var memory = inputs.memory();
    if (memory == null) {
      return sums;
    }
    int zeros = inputs.zeroKey() ? 1 : 0;
    var ofMemory = scope.slice(weights, 3, zeros, inputs.leadingKeys()); // [b, h, i, m]
    var values = scope.unsqueeze(memory.values(scope), 0); // [1, g, m, d]
    return scope.add(sums, inputs.valueGroups().product(scope, ofMemory, values));
  }
}
