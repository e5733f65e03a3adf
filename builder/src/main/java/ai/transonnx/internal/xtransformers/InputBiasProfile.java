package ai.transonnx.internal.xtransformers;

import ai.transonnx.attention.ForgettingBias;
import ai.transonnx.xtransformers.Release;

/** Position biases that are computed from the input. Immutable. */
public record InputBiasProfile(Release release) {
  /** Whether data-dependent ALiBi can be combined with learned memory keys. */
  public boolean forgettingAllowsMemory() {
    return release.since("1.42.17");
  }

  /** Whether data-dependent ALiBi can be combined with attention that is not causal. */
  public boolean forgettingLooksAhead() {
    return release.since("1.42.5");
  }

  /** The gates between a query and a key. */
  public ForgettingBias.Gates forgettingGates() {
    return release.since("1.41.1") ? ForgettingBias.Gates.AFTER_KEY : ForgettingBias.Gates.FROM_KEY;
  }

  /** Whether CoPE weighs all embeddings, whatever the option. */
  public boolean alwaysWeighsAll() {
    return release.within("1.30.8", "1.30.8");
  }

  /** Whether CoPE raises an error if it weighs all embeddings. */
  public boolean refusesWeighingAll() {
    return release.since("1.41.0");
  }

  /** Whether CoPE counts masked keys after it mixed the scores of all heads. */
  public boolean countsMaskedKeys() {
    return release.within("1.30.10", "1.30.10");
  }
}
