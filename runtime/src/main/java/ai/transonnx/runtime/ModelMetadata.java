package ai.transonnx.runtime;

import ai.transonnx.format.MetadataKey;
import ai.transonnx.format.StateTensor;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The metadata of a model file. Immutable; threads may share it.
 *
 * @param entries every metadata entry, as it is in the file
 * @param state the state tensors, each an output that is the next call's input; empty for a model
 *     without state
 * @param incremental whether the model continues a sequence call by call, token by token; otherwise
 *     its state is passed between the library's whole calls, as memories are
 * @param maxLength the context window: the maximum number of positions; empty if there is none
 * @param maxSourceLength the maximum number of tokens in the source of an encoder-decoder model;
 *     empty if there is none
 * @param cacheLayout how positions use the slots of the state's buffers
 * @param keptWindow the sliding window that a loop may set in the state with the role {@code
 *     window}, to continue beyond {@code maxLength}
 * @param fixedWindow the reason why the state cannot continue beyond {@code maxLength}; empty if it
 *     can
 * @param ragged whether the rows of a call may be at different positions, which are in their state
 * @param numTokens the vocabulary size of each input of tokens, by name
 * @param topKRounding how the model's library rounds a fractional top-k, if the file specifies it
 * @param numberToken the token that stands for a number, which the model takes and predicts; empty
 *     if there is none
 */
public record ModelMetadata(
    Map<String, String> entries,
    List<StateTensor> state,
    boolean incremental,
    OptionalInt maxLength,
    OptionalInt maxSourceLength,
    CacheLayout cacheLayout,
    Optional<CacheLayout.Ring> keptWindow,
    Optional<String> fixedWindow,
    boolean ragged,
    Map<String, Integer> numTokens,
    Optional<TopKCountRounding> topKRounding,
    OptionalInt numberToken) {
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

  /** The tokens that are possible in an input. */
  public TokenVocabulary vocabulary(String input) {
    var count = numTokens.get(input);
    return new TokenVocabulary(count == null ? OptionalInt.empty() : OptionalInt.of(count));
  }

  /** The maximum number of positions of a call that starts from the initial state. */
  public int longestCall() {
    return Math.min(
        maxLength.orElse(Integer.MAX_VALUE),
        state.isEmpty() ? Integer.MAX_VALUE : cacheLayout.room(0));
  }

  /** The window that slides over the KV cache in loops with this overflow; empty if none does. */
  Optional<CacheLayout.Ring> slidingWindow(ContextOverflow overflow) {
    return overflow == ContextOverflow.SLIDE ? keptWindow : Optional.empty();
  }

  /** The slots of the KV cache in loops with this overflow. */
  CacheLayout cacheLayout(ContextOverflow overflow) {
    return slidingWindow(overflow).map(cacheLayout::withRing).orElse(cacheLayout);
  }

  /** The maximum number of positions that the state can include in loops with this overflow. */
  int window(ContextOverflow overflow) {
    return overflow == ContextOverflow.SLIDE
        ? Integer.MAX_VALUE
        : maxLength.orElse(Integer.MAX_VALUE);
  }

  /** The library of the model's class, such as {@code x-transformers}. */
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

  /** The SHA-256 of the tokenizer's file beside the model; empty if it was exported without one. */
  public Optional<String> tokenizer() {
    return Optional.ofNullable(entries.get(MetadataKey.TOKENIZER_SHA256.key()));
  }

  /** The version of the exporter. */
  public Optional<String> version() {
    return Optional.ofNullable(entries.get(MetadataKey.VERSION.key()));
  }
}
