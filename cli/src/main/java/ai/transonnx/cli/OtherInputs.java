package ai.transonnx.cli;

import ai.transonnx.InputException;
import ai.transonnx.runtime.OnnxModel;
import ai.transonnx.runtime.Tensor;
import ai.transonnx.verification.StoredTensors;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What a model takes besides tokens and state. */
final class OtherInputs {
  private static final String SOURCE = "src";

  @Option(
      names = "--source",
      paramLabel = "SOURCE",
      description =
          "The source of an encoder-decoder: text with --prompt, comma-separated tokens with"
              + " --tokens.")
  private @Nullable String source;

  @Option(
      names = "--inputs",
      paramLabel = "FILE",
      description =
          "What else the model takes, such as a context: a file of tensors by the inputs' names"
              + " (safetensors, npz).")
  private @Nullable Path inputs;

  /**
   * The inputs by name.
   *
   * @param encode makes tokens of the source
   * @throws InputException if the model takes no source and there is one, or the other way round,
   *     or the file cannot be read
   */
  Map<String, Tensor> of(OnnxModel model, Function<String, long[]> encode) {
    var given = new HashMap<String, Tensor>();
    if (inputs != null) {
      try (var stored = StoredTensors.open(inputs)) {
        stored.names().forEach(name -> given.put(name, stored.tensor(name)));
      }
    }
    boolean takesSource = model.signature().input(SOURCE).isPresent();
    if (source != null) {
      if (!takesSource) {
        throw new InputException(model.file() + ": it takes no source; leave out --source");
      }
      var tokens = encode.apply(source);
      if (tokens.length == 0) {
        throw new InputException("--source is empty; give at least one token");
      }
      given.put(SOURCE, Tensor.ofLongs(tokens, 1, tokens.length));
    } else if (takesSource && !given.containsKey(SOURCE)) {
      throw new InputException(model.file() + ": it needs a source; give --source");
    }
    return given;
  }

  /** A source of comma-separated tokens. */
  static long[] tokens(String text) {
    try {
      return Arrays.stream(text.split(","))
          .mapToLong(part -> Long.parseLong(part.strip()))
          .toArray();
    } catch (NumberFormatException e) {
      throw new InputException(
          "--source is '%s'; with --tokens it must be tokens, comma separated".formatted(text), e);
    }
  }
}
