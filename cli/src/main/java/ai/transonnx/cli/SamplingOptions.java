package ai.transonnx.cli;

import ai.transonnx.InputException;
import ai.transonnx.runtime.generation.GenerationOptions;
import ai.transonnx.runtime.sampling.Greedy;
import ai.transonnx.runtime.sampling.Sampling;
import ai.transonnx.runtime.sampling.TokenSelector;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of greedy decoding, sampling and beam search. */
final class SamplingOptions {
  @Option(names = "--greedy", description = "Select the most likely token at each step.")
  private boolean greedy;

  @Option(
      names = "--beams",
      paramLabel = "N",
      description = {
        "Search for the N most likely continuations, and print all of them, the best first, after"
            + " the natural logarithm of their probability and a tab (beam search).",
        "With --seed, --temperature, --min-p or a --top option, they are drawn at random"
            + " (stochastic beam search)."
      })
  private @Nullable Integer beams;

  @Option(
      names = "--temperature",
      paramLabel = "T",
      description =
          "Divide the logits by T; below 1, likely tokens become more likely (default: 1).")
  private @Nullable Double temperature;

  @Option(
      names = "--top-k",
      paramLabel = "K",
      description = "Sample from the K most likely tokens.")
  private @Nullable String topK;

  @Option(
      names = "--top-k-threshold",
      paramLabel = "T",
      description =
          "Sample from the most likely tokens, excluding the share T of the vocabulary, rounded as"
              + " in the model's library (default: 0.9).")
  private @Nullable Double topKThreshold;

  @Option(
      names = "--top-p",
      paramLabel = "P",
      description =
          "Sample from the most likely tokens that together have the probability P, such as"
              + " 0.95.")
  private @Nullable Double topP;

  @Option(
      names = "--top-p-threshold",
      paramLabel = "T",
      description =
          "Sample from the most likely tokens that together have the probability 1 - T, as top_p in"
              + " x-transformers before 1.22.3 and in block-recurrent.")
  private @Nullable Double topPThreshold;

  @Option(
      names = "--min-p",
      paramLabel = "P",
      description =
          "Sample from the tokens whose probability is at least P * (highest probability), such as"
              + " 0.1.")
  private @Nullable Double minP;

  @Option(
      names = "--top-a",
      split = ",",
      arity = "1",
      paramLabel = "POWER,RATIO",
      description =
          "Sample from the tokens whose probability is at least RATIO * (highest probability ^"
              + " POWER); the libraries use 2.0,0.02.")
  private @Nullable List<Double> topA;

  @Option(
      names = "--seed",
      paramLabel = "S",
      description =
          "The seed of the random numbers; the same seed gives the same tokens. Without it, a"
              + " random seed is used and printed on standard error.")
  private @Nullable Long seed;

  /**
   * The selector that the options describe.
   *
   * @throws InputException if options contradict each other or are out of range
   */
  TokenSelector selector() {
    if (greedy) {
      if (isSampling()) {
        throw new InputException(
            "--greedy does not sample; remove --temperature, --seed, --min-p and the --top"
                + " options");
      }
      return new Greedy();
    }
    if (beams != null && !isSampling()) {
      return new Greedy();
    }
    if (temperature != null && temperature == 0) {
      throw new InputException(
          "a temperature of 0 is not possible; to select the most likely token at each step,"
              + " specify greedy (--greedy)");
    }
    var sampling = Sampling.builder();
    Optional.ofNullable(temperature).ifPresent(sampling::temperature);
    Optional.ofNullable(topK).ifPresent(text -> sampling.topK(count(text)));
    Optional.ofNullable(topKThreshold).ifPresent(sampling::topKThreshold);
    Optional.ofNullable(topP).ifPresent(sampling::topP);
    Optional.ofNullable(topPThreshold).ifPresent(sampling::topPThreshold);
    Optional.ofNullable(minP).ifPresent(sampling::minP);
    if (topA != null) {
      if (topA.size() != 2) {
        throw new InputException("--top-a takes two numbers, POWER,RATIO, such as 2.0,0.02");
      }
      sampling.topA(topA.get(0), topA.get(1));
    }
    Optional.ofNullable(seed).ifPresent(sampling::seed);
    return sampling.build();
  }

  /** Adds the number of beams to the options of a generation. */
  void addBeams(GenerationOptions.Builder options) {
    if (beams != null) {
      options.beams(beams);
    }
  }

  /**
   * These options with those of a line of a file.
   *
   * @param drawn the seed if neither has one
   */
  SamplingOptions with(LineOptions.Sampling line, OptionalLong drawn) {
    var all = new SamplingOptions();
    all.beams = beams;
    if (line.greedy().orElse(greedy && !line.samples())) {
      all.greedy = true;
      all.temperature = line.temperature().orElse(null);
      all.topK = line.topK().map(String::valueOf).orElse(null);
      all.topP = line.topP().orElse(null);
      all.minP = line.minP().orElse(null);
      all.seed = line.seed().orElse(null);
      return all;
    }
    // A line that samples makes a beam search stochastic, even with nothing but defaults.
    Double byDefault = temperature == null && line.samples() ? Double.valueOf(1) : temperature;
    all.temperature = line.temperature().orElse(byDefault);
    all.topK = line.topK().map(String::valueOf).orElse(topK);
    all.topKThreshold = topKThreshold;
    all.topP = line.topP().orElse(topP);
    all.topPThreshold = topPThreshold;
    all.minP = line.minP().orElse(minP);
    all.topA = topA;
    all.seed = line.seed().orElse(drawn.isPresent() ? Long.valueOf(drawn.getAsLong()) : null);
    return all;
  }

  private boolean isSampling() {
    return Stream.of(temperature, topK, topKThreshold, topP, topPThreshold, minP, topA, seed)
        .anyMatch(Objects::nonNull);
  }

  private static int count(String topK) {
    try {
      return Integer.parseInt(topK);
    } catch (NumberFormatException e) {
      String remedy =
          topK.contains(".") ? "; for a share of the vocabulary, use --top-k-threshold" : "";
      throw new InputException(
          "--top-k is '%s'; it must be a number of tokens, such as 40%s".formatted(topK, remedy),
          e);
    }
  }
}
