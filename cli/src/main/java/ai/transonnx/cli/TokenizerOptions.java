package ai.transonnx.cli;

import ai.transonnx.InputException;
import ai.transonnx.runtime.OnnxModel;
import ai.transonnx.runtime.text.Tokenizer;
import ai.transonnx.runtime.text.Tokenizers;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The tokenizer of a command that runs a model. */
final class TokenizerOptions {
  @Option(
      names = "--tokenizer",
      paramLabel = "tokenizer.json",
      description =
          "A tokenizer.json of Hugging Face from a source that you trust (default: the tokenizer"
              + " that was exported with the model; without one, tokens are bytes).")
  private @Nullable Path file;

  @Option(
      names = "--add-special-tokens",
      description =
          "Add the special tokens that the tokenizer puts around a text, such as that of its"
              + " begin.")
  private boolean special;

  /**
   * Checks that none of the options is used.
   *
   * @param reason why they have no effect
   * @throws InputException if one is
   */
  void checkUnused(String reason) {
    if (file != null || special) {
      throw new InputException(reason + "; remove --tokenizer and --add-special-tokens");
    }
  }

  /** Whether the tokenizer's special tokens are added to prompts. */
  boolean addsSpecialTokens() {
    return special;
  }

  /**
   * Opens the tokenizer of a model.
   *
   * @throws ai.transonnx.TransonnxException if it cannot be opened, or there is none
   */
  Tokenizer open(OnnxModel model) {
    return file == null
        ? Tokenizers.of(model)
        : Tokenizers.open(file, model.file(), model.metadata());
  }

  /**
   * Opens the tokenizer of a model; empty if it has none and its tokens are not bytes.
   *
   * @throws ai.transonnx.TransonnxException if it cannot be opened
   */
  Optional<Tokenizer> find(OnnxModel model) {
    int tokens = model.inputVocabulary().count().orElse(Integer.MAX_VALUE);
    boolean hasNone = file == null && model.metadata().tokenizer().isEmpty() && tokens > 256;
    return hasNone ? Optional.empty() : Optional.of(open(model));
  }

  /** The tokens of a prompt. */
  long[] encode(Tokenizer tokenizer, String prompt) {
    return special ? tokenizer.encodeWithSpecialTokens(prompt) : tokenizer.encode(prompt);
  }
}
