package ai.transonnx.runtime.sampling;

import ai.transonnx.runtime.TopKCountRounding;

/** How the next token is chosen. */
public sealed interface TokenSelector permits Greedy, Sampling {
  /**
   * A chooser for one run over several rows.
   *
   * @param vocabulary the number of tokens
   * @param rounding the rounding of the model's library
   */
  TokenChooser chooser(int vocabulary, int rows, TopKCountRounding rounding);
}
