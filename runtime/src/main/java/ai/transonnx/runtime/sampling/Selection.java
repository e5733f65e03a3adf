package ai.transonnx.runtime.sampling;

import ai.transonnx.runtime.TopKRounding;

/** How the next token is chosen. */
public sealed interface Selection permits Greedy, Sampling {
  /**
   * A chooser for one run over several rows.
   *
   * @param vocabulary the number of tokens
   * @param rounding the rounding of the model's library
   */
  TokenChooser chooser(int vocabulary, int rows, TopKRounding rounding);
}
