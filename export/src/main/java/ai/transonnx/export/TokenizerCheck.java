package ai.transonnx.export;

import ai.transonnx.InputException;
import ai.transonnx.format.MetadataKey;
import ai.transonnx.format.internal.tokenizer.TokenizerFile;
import ai.transonnx.format.internal.tokenizer.TokenizerVocabulary;
import ai.transonnx.graph.Model;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Compares the tokens of a tokenizer with those of a model. */
final class TokenizerCheck {
  private TokenizerCheck() {}

  /**
   * Checks that every input of tokens has an embedding for each token of the tokenizer.
   *
   * @return a note if the model has more tokens, as after padding its embeddings
   * @throws InputException if the file is not a {@code tokenizer.json}, has more tokens than an
   *     input, or the model has no input of tokens
   */
  static Optional<String> check(TokenizerFile file, Model model) {
    var counts = tokens(model);
    if (counts.isEmpty()) {
      throw new InputException(
          file.path() + ": the model has no input of tokens, so it takes no tokenizer");
    }
    int size = TokenizerVocabulary.of(file.path(), file.content()).size();
    Optional<String> note = Optional.empty();
    for (var count : counts.entrySet()) {
      if (size > count.getValue()) {
        throw new InputException(
            "%s: has %s tokens, but the model's input '%s' has %s; this is the tokenizer of another model"
                .formatted(file.path(), size, count.getKey(), count.getValue()));
      }
      if (size < count.getValue()) {
        note =
            Optional.of(
                "the tokenizer has %s tokens and the model's input '%s' has %s; the others have no text"
                    .formatted(size, count.getKey(), count.getValue()));
      }
    }
    return note;
  }

  private static SortedMap<String, Integer> tokens(Model model) {
    var counts = new TreeMap<String, Integer>();
    model
        .properties()
        .forEach(
            (key, value) ->
                MetadataKey.NUM_TOKENS
                    .parameterOf(key)
                    .ifPresent(input -> counts.put(input, Integer.valueOf(value))));
    return counts;
  }
}
