package ai.transonnx.xtransformers;

/**
 * What a wrapper makes of a sequence before its layers see it.
 *
 * @param maxLength the most positions of a call; 0 if any number will do
 * @param absolute whether something is added that depends on the number of a position
 * @param memoryTokens positions before all others that are weights
 * @param memoryLength positions that a memory keeps
 * @param memoryShift layers that a memory moves down
 */
record SequencePlan(
    int maxLength, boolean absolute, int memoryTokens, int memoryLength, int memoryShift) {
  /** Layers without a wrapper. */
  static final SequencePlan BARE = new SequencePlan(0, false, 0, 0, 0);

  static SequencePlan of(TokenPlan plan) {
    return new SequencePlan(
        plan.maxLength(),
        plan.positions() != null,
        plan.memoryTokens(),
        plan.memoryLength(),
        plan.memoryShift());
  }

  static SequencePlan of(VectorPlan plan) {
    return new SequencePlan(plan.maxLength(), plan.positions() != null, 0, 0, 0);
  }
}
