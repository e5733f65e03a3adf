package ai.transonnx.internal.guess;

/**
 * The numbers of features of all heads of an attention layer of x-transformers.
 *
 * @param queries those of the queries
 * @param keys those of the keys
 * @param values those of the values; 0 if keys are also values
 */
record AttentionSizes(long queries, long keys, long values) {
  static AttentionSizes of(Tensors module, boolean isPort) {
    int outputs = isPort ? 1 : 0;
    return new AttentionSizes(
        module.size("to_q.weight", outputs),
        module.size("to_k.weight", outputs) + module.size("to_rotateable_k.weight", outputs),
        module.size("to_v.weight", outputs));
  }

  /** Whether there are fewer heads of keys than of queries. */
  boolean sharesKeys() {
    return keys > 0 && keys < queries;
  }

  /** The number of features of all heads' outputs; 0 if it is not known. */
  long outputs() {
    return keys == 0 ? 0 : (values == 0 ? keys : values) * queries / keys;
  }
}
