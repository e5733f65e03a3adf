package ai.transonnx.runtime.sampling;

import ai.transonnx.runtime.TopKCountRounding;
import java.util.OptionalLong;

/** How the next token is selected from the logits: {@link Greedy} or {@link Sampling}. */
public sealed interface TokenSelector permits Greedy, Sampling {
  /** The seed of the random numbers; empty if none was set, or if nothing is random. */
  OptionalLong seed();

  /**
   * This selector with a seed: the one it has, or a new random one if it samples and has none. Each
   * generation calls this once, so that generations without a set seed differ from each other.
   */
  TokenSelector seeded();

  /**
   * A chooser for one generation.
   *
   * @param vocabulary the number of logits
   * @param rows the number of rows in the batch
   * @param rounding how the model's library rounds a fractional top-k
   */
  TokenChooser chooser(int vocabulary, int rows, TopKCountRounding rounding);

  /**
   * A chooser for one beam search.
   *
   * @param vocabulary the number of logits
   * @param prompts the number of prompts
   * @param rounding how the model's library rounds a fractional top-k
   */
  BeamChooser beamChooser(int vocabulary, int prompts, TopKCountRounding rounding);
}
