package ai.transonnx.cli;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The options of one line of a file with prompts, which replace those of the command.
 *
 * @param stops the texts that end the generation
 */
record LineOptions(
    Optional<Integer> length,
    Optional<List<String>> stops,
    Optional<Set<Long>> stopTokens,
    Sampling sampling) {

  /** The options of sampling. */
  record Sampling(
      Optional<Boolean> greedy,
      Optional<Double> temperature,
      Optional<Integer> topK,
      Optional<Double> topP,
      Optional<Double> minP,
      Optional<Long> seed) {

    /** Whether the line has none of these options. */
    boolean isDefault() {
      return greedy.isEmpty() && !samples();
    }

    /** Whether the line samples, even if the command does not. */
    boolean samples() {
      return greedy.isPresent()
          ? !greedy.get()
          : Stream.of(temperature, topK, topP, minP, seed).anyMatch(Optional::isPresent);
    }
  }

  static final List<String> NAMES =
      List.of(
          "length",
          "stop",
          "stop_tokens",
          "greedy",
          "temperature",
          "top_k",
          "top_p",
          "min_p",
          "seed");

  /**
   * Reads the options.
   *
   * @throws ai.transonnx.InputException if one has a wrong type
   */
  static LineOptions of(JsonFields fields) {
    return new LineOptions(
        fields.integer("length"),
        fields.texts("stop"),
        fields.tokens("stop_tokens").map(Set::copyOf),
        new Sampling(
            fields.flag("greedy"),
            fields.number("temperature"),
            fields.integer("top_k"),
            fields.number("top_p"),
            fields.number("min_p"),
            fields.longInteger("seed")));
  }
}
