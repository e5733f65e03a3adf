package ai.transonnx.djl;

import ai.djl.Model;
import ai.djl.translate.TranslateException;
import ai.transonnx.TransonnxException;
import ai.transonnx.djl.internal.Arguments;
import ai.transonnx.runtime.text.TextDecoder;
import ai.transonnx.runtime.text.Tokenizer;
import ai.transonnx.runtime.text.Tokenizers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.UUID;

/** The tokenizer of a model that DJL has loaded. It is closed with the model. */
final class TextTokenizer {
  private TextTokenizer() {}

  /**
   * The tokenizer of a model: the file of argument {@code tokenizer}; the one that was exported
   * with the model; {@code tokenizer.json} in its directory; or bytes.
   *
   * @throws TranslateException if it cannot be opened, or there is none and the vocabulary has more
   *     than 256 tokens
   */
  static Tokenizer of(Model model, ModelDescription description, Arguments arguments)
      throws TranslateException {
    try {
      var tokenizer = open(description, arguments);
      model.getNDManager().attachInternal(UUID.randomUUID().toString(), tokenizer);
      return arguments.flag("addSpecialTokens") ? new WithSpecialTokens(tokenizer) : tokenizer;
    } catch (TransonnxException e) {
      throw new TranslateException(e.getMessage(), e);
    }
  }

  private static Tokenizer open(ModelDescription model, Arguments arguments) {
    var metadata = model.metadata();
    var named = arguments.text("tokenizer").map(Path::of);
    if (named.isPresent()) {
      return Tokenizers.open(named.get(), model.file(), metadata);
    }
    Path inDirectory = model.folder().resolve("tokenizer.json");
    if (metadata.tokenizer().isEmpty() && Files.exists(inDirectory)) {
      return Tokenizers.open(inDirectory, model.file(), metadata);
    }
    return Tokenizers.of(model.file(), metadata, model.promptVocabulary().count());
  }

  /** A tokenizer that adds its special tokens to every text. */
  private record WithSpecialTokens(Tokenizer tokenizer) implements Tokenizer {
    @Override
    public long[] encode(String text) {
      return tokenizer.encodeWithSpecialTokens(text);
    }

    @Override
    public String decode(long... tokens) {
      return tokenizer.decode(tokens);
    }

    @Override
    public TextDecoder decoder(long... before) {
      return tokenizer.decoder(before);
    }

    @Override
    public int vocabularySize() {
      return tokenizer.vocabularySize();
    }

    @Override
    public Map<String, Long> specialTokens() {
      return tokenizer.specialTokens();
    }
  }
}
