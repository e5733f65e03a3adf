package ai.transonnx.runtime.generation;

import java.util.List;
import java.util.OptionalLong;
import java.util.stream.IntStream;

/**
 * What was generated: for each row the new tokens, without the prompt, and why it ended. A row that
 * ended by a stop token is as long as it was then; nothing is padded.
 */
public final class Generation {
  private final List<long[]> tokens;
  private final List<FinishReason> reasons;

  private final OptionalLong seed;

  Generation(List<long[]> tokens, List<FinishReason> reasons, OptionalLong seed) {
    this.tokens = List.copyOf(tokens);
    this.reasons = List.copyOf(reasons);
    this.seed = seed;
  }

  /** The number of rows. */
  public int rows() {
    return tokens.size();
  }

  /** The new tokens of a row. */
  public long[] tokens(int row) {
    return tokens.get(row).clone();
  }

  /** Why a row ended. */
  public FinishReason finishReason(int row) {
    return reasons.get(row);
  }

  /**
   * The seed with which the tokens were drawn: {@link
   * ai.transonnx.runtime.sampling.Sampling.Builder#seed} with it generates the same tokens again.
   * Empty if nothing was random.
   */
  public OptionalLong seed() {
    return seed;
  }

  /** The number of new tokens in all rows. */
  public long size() {
    return IntStream.range(0, rows()).mapToLong(row -> tokens.get(row).length).sum();
  }
}
