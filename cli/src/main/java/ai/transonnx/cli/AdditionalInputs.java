package ai.transonnx.cli;

import ai.transonnx.InputException;
import ai.transonnx.runtime.OnnxModel;
import ai.transonnx.runtime.Tensor;
import ai.transonnx.verification.StoredTensors;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The inputs of a model besides tokens and state. */
final class AdditionalInputs {
  private static final String SOURCE = "src";

  @Option(
      names = "--source",
      paramLabel = "SOURCE",
      description =
          "The source sequence of an encoder-decoder model: text with --prompt, comma-separated"
              + " tokens with --tokens.")
  private @Nullable String source;

  @Option(
      names = "--inputs",
      paramLabel = "FILE",
      description =
          "A file with other inputs of the model, such as a context: tensors with the names of the"
              + " inputs (safetensors, npz).")
  private @Nullable Path inputs;

  /** The text of the source; empty if the option is not used. */
  Optional<String> source() {
    return Optional.ofNullable(source);
  }

  /**
   * The inputs by name.
   *
   * @param source the tokens of the source, which all rows share
   * @param rows the number of prompts
   * @throws InputException if a source is missing or not accepted, or the file cannot be read
   */
  Map<String, Tensor> of(OnnxModel model, Optional<long[]> source, int rows) {
    var tensors = new HashMap<String, Tensor>();
    if (inputs != null) {
      try (var stored = StoredTensors.open(inputs)) {
        stored.names().forEach(name -> tensors.put(name, stored.tensor(name)));
      }
    }
    boolean takesSource = model.signature().input(SOURCE).isPresent();
    if (source.isPresent()) {
      if (!takesSource) {
        throw new InputException(model.file() + ": has no source; remove --source");
      }
      var tokens = source.get();
      if (tokens.length == 0) {
        throw new InputException("the source is empty; it needs at least one token");
      }
      var all = new long[Math.multiplyExact(rows, tokens.length)];
      Arrays.setAll(all, i -> tokens[i % tokens.length]);
      tensors.put(SOURCE, Tensor.ofLongs(all, rows, tokens.length));
    } else if (takesSource && !tensors.containsKey(SOURCE)) {
      throw new InputException(model.file() + ": requires a source; add --source");
    }
    return tensors;
  }

  /** Parses a source of comma-separated tokens. */
  static long[] tokens(String text) {
    try {
      return TokenList.of(text).toArray();
    } catch (NumberFormatException e) {
      throw new InputException(
          "--source is '%s'; with --tokens it must be comma-separated tokens".formatted(text), e);
    }
  }
}
