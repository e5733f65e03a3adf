package ai.transonnx.cli;

import ai.transonnx.InputException;
import ai.transonnx.runtime.OnnxModel;
import ai.transonnx.runtime.text.Tokenizer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The sequences of tokens to score. */
final class ScoredTokens {
  @Option(
      names = "--text",
      required = true,
      paramLabel = "FILE",
      description =
          "Score a text in UTF-8, which the tokenizer encodes; - for that on standard input.")
  private @Nullable Path text;

  @Option(
      names = "--lines",
      required = true,
      paramLabel = "FILE",
      description =
          "Score each line of a file that is not blank as a text of its own; - for standard input.")
  private @Nullable Path lines;

  @Option(
      names = "--tokens",
      required = true,
      paramLabel = "FILE",
      description =
          "Score tokens: a sequence in each line, of numbers with commas or spaces between them; -"
              + " for standard input.")
  private @Nullable Path tokens;

  /** A sequence of tokens. Immutable. */
  static final class Sequence {
    private final String name;
    private final long[] tokens;

    /**
     * A sequence.
     *
     * @param name its name in messages
     */
    Sequence(String name, long... tokens) {
      this.name = name;
      this.tokens = tokens.clone();
    }

    String name() {
      return name;
    }

    long[] tokens() {
      return tokens.clone();
    }
  }

  /**
   * Checks that the tokenizer's options are needed.
   *
   * @throws InputException if they are not
   */
  void check(TokenizerOptions tokenizers) {
    if (tokens != null) {
      tokenizers.checkUnused("--tokens needs no tokenizer");
    }
  }

  /**
   * Reads the source, and returns the sequences for a model.
   *
   * @throws ai.transonnx.TransonnxException if the source cannot be read
   */
  Function<OnnxModel, List<Sequence>> read(TokenizerOptions tokenizers) {
    if (tokens != null) {
      var file = tokens;
      var all = TokenFile.read(file);
      var sequences =
          IntStream.range(0, all.length)
              .mapToObj(i -> new Sequence("%s: sequence %s".formatted(file, i + 1), all[i]))
              .toList();
      return model -> sequences;
    }
    var texts = text != null ? List.of(new Text(text.toString(), TextFile.read(text))) : ofLines();
    return model -> {
      try (var tokenizer = tokenizers.open(model)) {
        return texts.stream().map(one -> one.sequence(tokenizers, tokenizer)).toList();
      }
    };
  }

  private record Text(String name, String content) {
    Sequence sequence(TokenizerOptions tokenizers, Tokenizer tokenizer) {
      return new Sequence(name, tokenizers.encode(tokenizer, content));
    }
  }

  private List<Text> ofLines() {
    var file = Objects.requireNonNull(lines);
    var texts = new ArrayList<Text>();
    try (var reader = new LineReader(file)) {
      for (var line = reader.next(); line.isPresent(); line = reader.next()) {
        var given = line.get();
        var name = "%s: line %s".formatted(file, given.number());
        given
            .problem()
            .ifPresent(
                problem -> {
                  throw new InputException("%s: %s".formatted(name, problem));
                });
        texts.add(new Text(name, given.text()));
      }
    }
    if (texts.isEmpty()) {
      throw new InputException(file + ": has no line with a text");
    }
    return texts;
  }
}
