package ai.transonnx.cli;

import ai.transonnx.InputException;
import ai.transonnx.runtime.sampling.Greedy;
import ai.transonnx.runtime.sampling.Sampling;
import ai.transonnx.runtime.sampling.TokenSelector;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How the next token is chosen. */
final class SamplingOptions {
  @Option(names = "--greedy", description = "Always take the likeliest token.")
  private boolean greedy;

  @Option(
      names = "--temperature",
      paramLabel = "T",
      description = "Below 1 the likely tokens become likelier (default: 1).")
  private @Nullable Double temperature;

  @Option(
      names = "--top-k",
      paramLabel = "K",
      description =
          "Draw from the K likeliest tokens; with a fraction such as 0.9, from all but this share"
              + " of the vocabulary, rounded as the model's library does (default: 0.9).")
  private @Nullable String topK;

  @Option(
      names = "--top-p",
      paramLabel = "P",
      description = "Draw from the likeliest tokens that hold 1 - P of the probability.")
  private @Nullable Double topP;

  @Option(
      names = "--top-a",
      split = ",",
      arity = "1",
      paramLabel = "POWER,RATIO",
      description =
          "Draw from the tokens of at least RATIO * (highest probability ^ POWER);"
              + " the libraries use 2.0,0.02.")
  private @Nullable List<Double> topA;

  @Option(
      names = "--seed",
      paramLabel = "S",
      description =
          "Draw the same tokens each time; without it, the seed is random and printed on standard"
              + " error.")
  private @Nullable Long seed;

  /**
   * The choice.
   *
   * @throws InputException if options do not go together, or are out of range
   */
  TokenSelector selector() {
    if (greedy) {
      if (temperature != null || topK != null || topP != null || topA != null || seed != null) {
        throw new InputException(
            "--greedy draws nothing; leave out --temperature, --top-k, --top-p, --top-a, --seed");
      }
      return new Greedy();
    }
    var sampling = Sampling.builder();
    if (temperature != null) {
      sampling.temperature(temperature);
    }
    if (topK != null) {
      topK(sampling, topK);
    }
    if (topP != null) {
      sampling.topP(topP);
    }
    if (topA != null) {
      if (topA.size() != 2) {
        throw new InputException("--top-a takes two numbers, POWER,RATIO, such as 2.0,0.02");
      }
      sampling.topA(topA.get(0), topA.get(1));
    }
    if (seed != null) {
      sampling.seed(seed);
    }
    return sampling.build();
  }

  private static void topK(Sampling.Builder sampling, String value) {
    try {
      if (value.contains(".")) {
        sampling.topKThreshold(Double.parseDouble(value));
      } else {
        sampling.topK(Integer.parseInt(value));
      }
    } catch (NumberFormatException e) {
      throw new InputException(
          "--top-k is '%s'; it must be a whole number, or a fraction such as 0.9".formatted(value),
          e);
    }
  }
}
