package ai.transonnx.runtime.text;

import ai.transonnx.InputException;
import ai.transonnx.format.internal.tokenizer.TokenizerFile;
import ai.transonnx.runtime.ModelException;
import ai.transonnx.runtime.ModelMetadata;
import ai.transonnx.runtime.OnnxModel;
import ai.transonnx.runtime.RequestException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.ServiceLoader;
import java.util.stream.StreamSupport;

/**
 * Opens tokenizers. Those in a {@code tokenizer.json} of Hugging Face need the module {@code
 * transonnx-tokenizers} on the class path or module path.
 *
 * <pre>{@code
 * try (Tokenizer tokenizer = Tokenizers.of(model)) {
 *   var options = GenerationOptions.builder(20).stopTexts(List.of("\n")).build();
 *   var request = GenerationRequest.builder(tokenizer, List.of("In the beginning"), options).build();
 *   String text = Generator.of(model).generate(request).text(0);
 * }
 * }</pre>
 */
public final class Tokenizers {
  private static final int BYTES = 256;

  private Tokenizers() {}

  /**
   * The tokenizer of a model: the file beside it that was exported with it, {@code
   * MODEL.onnx.tokenizer.json}, or bytes for a model of up to 256 tokens that was exported without
   * one.
   *
   * @throws ModelException if the file is missing or another than the exported one, or the model
   *     has more than 256 tokens and no tokenizer
   * @throws InputException if the file cannot be read or is no tokenizer
   * @throws RequestException if no module reads the file
   */
  public static Tokenizer of(OnnxModel model) {
    return of(model.file(), model.metadata(), model.inputVocabulary().count());
  }

  /**
   * The tokenizer of a model that another library has loaded; see {@link #of(OnnxModel)}.
   *
   * @param model the model's file
   * @param tokens the number of the model's tokens, if it is known
   */
  public static Tokenizer of(Path model, ModelMetadata metadata, OptionalInt tokens) {
    var hash = metadata.tokenizer();
    if (hash.isPresent()) {
      return exported(model, metadata, hash.get());
    }
    if (tokens.isEmpty()) {
      throw new ModelException(
          model,
          "its metadata has neither a tokenizer nor a vocabulary size; name a tokenizer"
              + " (--tokenizer)");
    }
    if (tokens.getAsInt() > BYTES) {
      throw new ModelException(
          model,
          "its %s tokens are not bytes, and it was exported without a tokenizer; name its tokenizer.json (--tokenizer)"
              .formatted(tokens.getAsInt()));
    }
    return new ByteText(tokens.getAsInt());
  }

  private static Tokenizer exported(Path model, ModelMetadata metadata, String hash) {
    var file = TokenizerFile.beside(model);
    if (!Files.exists(file)) {
      throw new ModelException(
          model,
          "its tokenizer %s is missing; keep it beside the model, or name a tokenizer (--tokenizer)"
              .formatted(file.getFileName()));
    }
    var content = TokenizerFile.read(file);
    if (!content.sha256().equals(hash.toLowerCase(Locale.ROOT))) {
      throw new ModelException(
          model,
          "its tokenizer %s is not the one that it was exported with, whose SHA-256 is in its metadata; restore it, or name a tokenizer (--tokenizer)"
              .formatted(file.getFileName()));
    }
    return checked(model, metadata, file, read(content));
  }

  /**
   * Opens a file for a model instead of the model's own tokenizer.
   *
   * @param model the model's file, for messages
   * @throws InputException if the file cannot be read, or has more tokens than the model
   * @throws RequestException if no module reads the file
   */
  public static Tokenizer open(Path file, Path model, ModelMetadata metadata) {
    return checked(model, metadata, file, open(file));
  }

  /**
   * Opens a file.
   *
   * @throws InputException if it cannot be read or is not a tokenizer
   * @throws RequestException if no module reads tokenizers
   */
  public static Tokenizer open(Path file) {
    return read(TokenizerFile.read(file));
  }

  /** Reads a file with the provider of its kind; without one, another explains its kind. */
  private static Tokenizer read(TokenizerFile file) {
    var loader = TokenizerProvider.class.getClassLoader();
    var providers = ServiceLoader.load(TokenizerProvider.class, loader);
    return StreamSupport.stream(providers.spliterator(), false)
        .filter(provider -> provider.reads(file.content()))
        .findFirst()
        .or(providers::findFirst)
        .orElseThrow(
            () ->
                new RequestException(
                    file.path() + ": reading it needs the module transonnx-tokenizers"))
        .read(file.path(), file.content());
  }

  /** Refuses a tokenizer that has more tokens than an input of the model. */
  private static Tokenizer checked(
      Path model, ModelMetadata metadata, Path file, Tokenizer tokenizer) {
    for (var count : metadata.numTokens().entrySet()) {
      if (tokenizer.vocabularySize() > count.getValue()) {
        tokenizer.close();
        throw new InputException(
            "%s: has %s tokens, but the input '%s' of %s has %s; this is the tokenizer of another model"
                .formatted(
                    file, tokenizer.vocabularySize(), count.getKey(), model, count.getValue()));
      }
    }
    return tokenizer;
  }
}
