package ai.transonnx.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The prompt: a text, tokens, or a file of either. */
final class PromptOptions {
  @Option(
      names = "--prompt",
      required = true,
      paramLabel = "TEXT",
      description =
          "The text to continue, or - for that on standard input, without the line end at its end."
              + " Prints the text and its continuation.")
  private @Nullable String text;

  @Option(
      names = "--tokens",
      required = true,
      converter = NumberedTokens.Converter.class,
      paramLabel = "N[,N...]",
      description =
          "The tokens to continue, comma-separated. Prints the new tokens in the same form. A token"
              + " that stands for a number has its value: 5,3=0.25,7. Each --tokens is a row, which"
              + " are continued side by side; prints a line for each.")
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
   * The text to continue; empty if the prompt is another. Reads the standard input.
   *
   * @throws ai.transonnx.InputException if the standard input is no text
   */
  Optional<String> text() {
    return Optional.ofNullable(text)
        .map(given -> given.equals(StandardInput.NAME) ? StandardInput.readPrompt() : given);
  }
}
