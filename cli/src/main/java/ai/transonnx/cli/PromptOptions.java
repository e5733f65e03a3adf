package ai.transonnx.cli;

import ai.transonnx.InputException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The prompt: a text, tokens, or a file of either. */
final class PromptOptions {
  @Option(
      names = "--prompt",
      required = true,
      paramLabel = "TEXT",
      description = "The text to continue. Prints the text and its continuation.")
  @Nullable String text;

  @Option(
      names = "--tokens",
      required = true,
      converter = NumberedTokens.Converter.class,
      paramLabel = "N[,N...]",
      description =
          "The tokens to continue, comma-separated. Prints the new tokens in the same form. A token"
              + " that stands for a number has its value: 5,3=0.25,7.")
  @Nullable List<NumberedTokens> tokens;

  @Option(
      names = "--prompts",
      required = true,
      paramLabel = "FILE",
      description = {
        "A file with a JSON object in each line: \"prompt\", a text, or \"tokens\", a list; and"
            + " optionally \"id\", \"source\", \"source_tokens\", \"length\", \"stop\","
            + " \"stop_tokens\", \"greedy\", \"temperature\", \"top_k\", \"top_p\", \"min_p\","
            + " \"seed\".",
        "Prints a JSON object for each: \"line\", \"id\", \"text\", \"tokens\" and"
            + " \"finish_reason\", and with --beams \"beams\"; or \"error\"."
      })
  @Nullable Path file;

  /**
   * The only list of tokens.
   *
   * @throws InputException if there are several, since nobody can tell which one is meant
   */
  static NumberedTokens only(List<NumberedTokens> lists) {
    if (lists.size() > 1) {
      throw new InputException(
          "--tokens is given %s times; give one list, such as 1,2,3".formatted(lists.size()));
    }
    return lists.get(0);
  }
}
