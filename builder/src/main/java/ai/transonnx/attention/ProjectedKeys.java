package ai.transonnx.attention;

import ai.transonnx.attention.MemoryKeyValues.KeyValues;
import ai.transonnx.graph.Value;
import ai.transonnx.op.Scope;

/**
 * Keys and values of every head.
 *
 * <p>Not thread-safe: it belongs to a graph under construction.
 */
record ProjectedKeys(HeadInputs inputs, KeyValues all) implements AttendedKeys {
  @Override
  public Value products(Scope scope, Value queries) {
    return inputs.keyGroups().productOfTransposed(scope, queries, all.keys());
  }

  @Override
  public Value sums(Scope scope, Value weights) {
    return inputs.valueGroups().product(scope, weights, all.values());
  }
}
