package ai.transonnx.cli;

import ai.transonnx.InputException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.Option;

/** Texts and tokens that end a generation. */
final class StopOptions {
  @Option(
      names = "--stop",
      paramLabel = "TEXT",
      description = {
        "A text that ends the generation, and is not printed; may be repeated. The name of a"
            + " special token, such as </s>, stands for the token.",
        "With --tokens, comma-separated tokens. Stops in the prompt do not end it."
      })
  private List<String> stops = List.of();

  @Option(
      names = "--stop-tokens",
      split = ",",
      paramLabel = "N",
      description =
          "Tokens that end the generation, comma-separated. Those in the prompt do not end it.")
  private List<Long> tokens = List.of();

  /**
   * The stop texts of a text.
   *
   * @throws InputException if one is empty
   */
  List<String> texts() {
    if (stops.contains("")) {
      throw new InputException("--stop is ''; it needs at least one character");
    }
    return stops;
  }

  /** The stop tokens of a text. */
  Set<Long> tokens() {
    return Set.copyOf(tokens);
  }

  /**
   * The stop tokens of a prompt of tokens.
   *
   * @throws InputException if a value of {@code --stop} is not a list of tokens
   */
  Set<Long> allTokens() {
    var all = new HashSet<>(tokens);
    for (var stop : stops) {
      try {
        all.addAll(TokenList.of(stop).tokens());
      } catch (NumberFormatException e) {
        throw new InputException(
            "--stop is '%s'; with --tokens it must be comma-separated tokens".formatted(stop), e);
      }
    }
    return all;
  }
}
