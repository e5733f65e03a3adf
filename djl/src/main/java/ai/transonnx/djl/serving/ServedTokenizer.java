package ai.transonnx.djl.serving;

import ai.transonnx.format.internal.file.PlainFile;
import ai.transonnx.runtime.ModelMetadata;
import ai.transonnx.runtime.OnnxModel;
import ai.transonnx.runtime.text.Tokenizer;
import ai.transonnx.runtime.text.Tokenizers;
import java.io.IOException;
import java.nio.file.Path;
import java.util.OptionalInt;

/** The tokenizer of a served model, whose file is in the model's directory. */
final class ServedTokenizer {
  private static final String USUAL = "tokenizer.json";

  private ServedTokenizer() {}

  /**
   * The file of argument {@code tokenizer}; the one that was exported with the model; {@code
   * tokenizer.json} in its directory; or bytes.
   *
   * @throws ai.transonnx.TransonnxException if it is missing or damaged
   */
  static Tokenizer open(OnnxModel model, ServingArguments arguments) {
    var source = OnnxModel.SOURCE;
    var count =
        model.signature().input(source).isPresent()
            ? model.metadata().vocabulary(source).count()
            : model.inputVocabulary().count();
    return open(model.file(), model.metadata(), count, arguments);
  }

  /** As {@link #open(OnnxModel, ServingArguments)}, of a model that is not loaded. */
  static Tokenizer open(
      Path model, ModelMetadata metadata, OptionalInt tokens, ServingArguments arguments) {
    var named = arguments.tokenizer().map(model::resolveSibling);
    if (named.isPresent()) {
      return Tokenizers.open(named.get(), model, metadata);
    }
    var usual = model.resolveSibling(USUAL);
    return metadata.tokenizer().isEmpty() && exists(usual)
        ? Tokenizers.open(usual, model, metadata)
        : Tokenizers.of(model, metadata, tokens);
  }

  private static boolean exists(Path file) {
    try {
      PlainFile.check(file);
      return true;
    } catch (IOException e) {
      return false;
    }
  }
}
