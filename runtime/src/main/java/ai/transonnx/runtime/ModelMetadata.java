package ai.transonnx.runtime;

import ai.transonnx.format.MetadataKey;
import ai.transonnx.format.StateTensor;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What a model file says of itself beside its graph.
 *
 * @param entries every metadata entry, as it is in the file
 * @param state the tensors that go round; empty for a model without state
 * @param incremental whether a sequence may be given in pieces, from token to token; else its state
 *     is what the library's own calls pass on, such as the memory of a whole segment
 * @param maxLength the most positions that the model was made for; absent if any number will do
 * @param slots how positions take the slots of its buffers
 * @param keptWindow the window that a loop may set in its state, {@code past_window}, to go on
 *     beyond {@code maxLength}
 * @param fixedWindow why it cannot go on beyond {@code maxLength} with its state; absent if it can
 * @param ragged whether the rows of a call may stand at different positions, as their states have
 *     it
 * @param numTokens how many tokens an input takes, by its name
 * @param topKRounding how the model's library rounds a fractional top-k, if the file says so
 */
public record ModelMetadata(
    Map<String, String> entries,
    List<StateTensor> state,
    boolean incremental,
    OptionalInt maxLength,
    CacheLayout slots,
    Optional<CacheLayout.Ring> keptWindow,
    Optional<String> fixedWindow,
    boolean ragged,
    Map<String, Integer> numTokens,
    Optional<TopKCountRounding> topKRounding) {
  public ModelMetadata {
    entries = Map.copyOf(entries);
    state = List.copyOf(state);
    numTokens = Map.copyOf(numTokens);
  }

  /**
   * Reads the entries of a model that another library has loaded.
   *
   * @throws ModelException if one is malformed
   */
  public static ModelMetadata of(Path file, Map<String, String> entries) {
    return MetadataReader.read(file, entries, null);
  }

  /** The tokens that an input takes. */
  public TokenVocabulary tokenRange(String input) {
    var count = numTokens.get(input);
    return new TokenVocabulary(count == null ? OptionalInt.empty() : OptionalInt.of(count));
  }

  /** The most positions of a call that starts from nothing. */
  public int longestCall() {
    return Math.min(
        maxLength.orElse(Integer.MAX_VALUE), state.isEmpty() ? Integer.MAX_VALUE : slots.room(0));
  }

  /** The library whose class the model is, such as {@code x-transformers}. */
  public Optional<String> library() {
    return Optional.ofNullable(entries.get(MetadataKey.LIBRARY.key()));
  }

  /** The configuration, as JSON. */
  public Optional<String> config() {
    return Optional.ofNullable(entries.get(MetadataKey.CONFIG.key()));
  }

  /** The SHA-256 of the file that the weights come from. */
  public Optional<String> weights() {
    return Optional.ofNullable(entries.get(MetadataKey.WEIGHTS_SHA256.key()));
  }

  /** The version of the exporter. */
  public Optional<String> version() {
    return Optional.ofNullable(entries.get(MetadataKey.VERSION.key()));
  }
}
