package ai.transonnx.runtime;

import ai.transonnx.InputException;
import ai.transonnx.format.MetadataKey;
import ai.transonnx.format.StateJson;
import ai.transonnx.format.StateRole;
import ai.transonnx.format.StateTensor;
import ai.transonnx.format.internal.Printable;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** Reads and checks metadata entries, which may come from an untrusted file. */
final class MetadataReader {
  private final Path file;
  private final Map<String, String> entries;
  private final @Nullable Signature signature;

  private MetadataReader(Path file, Map<String, String> entries, @Nullable Signature signature) {
    this.file = file;
    this.entries = entries;
    this.signature = signature;
  }

  /**
   * Reads the entries of a model with the given signature, or null if it is not known.
   *
   * @throws ModelException if an entry is malformed or disagrees with the signature; the message
   *     names the entry and the field
   */
  static ModelMetadata read(Path file, Map<String, String> entries, @Nullable Signature signature) {
    var reader = new MetadataReader(file, entries, signature);
    var state = reader.state();
    return new ModelMetadata(
        entries,
        state,
        reader.flag(MetadataKey.INCREMENTAL),
        reader.positive(MetadataKey.MAX_LENGTH),
        reader.positive(MetadataKey.MAX_SOURCE_LENGTH),
        reader.cacheLayout(state),
        reader.keptWindow(state),
        reader.fixedWindow(),
        reader.flag(MetadataKey.RAGGED),
        reader.numTokens(),
        reader.topKRounding(),
        reader.number(MetadataKey.NUMBER_TOKEN.key(), 0, "0 or a positive number"));
  }

  private CacheLayout cacheLayout(List<StateTensor> state) {
    return new CacheLayout(
        number(MetadataKey.RESERVED_SLOTS.key(), 0, "0 or a positive number").orElse(0),
        ring(),
        positive(MetadataKey.SEGMENT_LENGTH),
        groupSize(state));
  }

  /** Without a group size, each call may complete a group. */
  private OptionalInt groupSize(List<StateTensor> state) {
    var size = positive(MetadataKey.GROUP_SIZE);
    boolean hasGroups = state.stream().anyMatch(tensor -> tensor.role() == StateRole.GROUP);
    return hasGroups ? OptionalInt.of(size.orElse(1)) : size;
  }

  private Optional<CacheLayout.Ring> ring() {
    return ring(MetadataKey.RING_WINDOW, MetadataKey.RING_SLOTS);
  }

  private Optional<CacheLayout.Ring> keptRing() {
    return ring(MetadataKey.KEPT_WINDOW, MetadataKey.KEPT_SLOTS);
  }

  private Optional<CacheLayout.Ring> keptWindow(List<StateTensor> state) {
    var kept = keptRing();
    if (kept.isPresent() && state.stream().noneMatch(tensor -> tensor.role() == StateRole.WINDOW)) {
      throw wrong(
          MetadataKey.KEPT_WINDOW.key(),
          "is set, but no state has the role '%s'".formatted(StateRole.WINDOW.label()));
    }
    return kept;
  }

  private Optional<CacheLayout.Ring> ring(MetadataKey windowKey, MetadataKey slotsKey) {
    var window = positive(windowKey);
    var slots = positive(slotsKey);
    if (slots.isPresent() != window.isPresent()
        || window.orElse(0) > slots.orElse(Integer.MAX_VALUE)) {
      throw wrong(
          slotsKey.key(), "must be set with '%s', and not be smaller".formatted(windowKey.key()));
    }
    return slots.isPresent()
        ? Optional.of(new CacheLayout.Ring(window.getAsInt(), slots.getAsInt()))
        : Optional.empty();
  }

  /** A model without an entry about its window may have absolute positions. */
  private Optional<String> fixedWindow() {
    var reason = entries.get(MetadataKey.FIXED_WINDOW.key());
    if (reason != null) {
      return Optional.of(Printable.of(reason));
    }
    boolean canSlide =
        ring().isPresent()
            || keptRing().isPresent()
            || !entries.containsKey(MetadataKey.MAX_LENGTH.key());
    return canSlide ? Optional.empty() : Optional.of("its positions are not known to be relative");
  }

  private OptionalInt positive(MetadataKey key) {
    return number(key.key(), 1, "a positive number");
  }

  private OptionalInt number(String entry, int least, String expected) {
    String value = entries.get(entry);
    if (value == null) {
      return OptionalInt.empty();
    }
    try {
      int number = Integer.parseInt(value);
      if (number >= least) {
        return OptionalInt.of(number);
      }
    } catch (NumberFormatException e) {
      // Reported below, like a number that is too small.
    }
    throw wrong(entry, "is %s, not %s of 31 bits".formatted(Printable.quoted(value), expected));
  }

  private boolean flag(MetadataKey key) {
    String value = entries.getOrDefault(key.key(), "false");
    if (!value.equals("true") && !value.equals("false")) {
      throw wrong(key.key(), "is " + Printable.quoted(value) + ", not 'true' or 'false'");
    }
    return value.equals("true");
  }

  private Map<String, Integer> numTokens() {
    var counts = new HashMap<String, Integer>();
    for (String entry : entries.keySet()) {
      MetadataKey.NUM_TOKENS
          .parameterOf(entry)
          .ifPresent(
              input -> counts.put(input, number(entry, 1, "a positive number").orElseThrow()));
    }
    return counts;
  }

  private Optional<TopKCountRounding> topKRounding() {
    String value = entries.get(MetadataKey.TOP_K.key());
    if (value == null) {
      return Optional.empty();
    }
    return switch (value) {
      case "floor" -> Optional.of(TopKCountRounding.FLOOR);
      case "ceil" -> Optional.of(TopKCountRounding.CEIL);
      default ->
          throw wrong(
              MetadataKey.TOP_K.key(), "is " + Printable.quoted(value) + ", not 'floor' or 'ceil'");
    };
  }

  private List<StateTensor> state() {
    List<StateTensor> state;
    try {
      state = StateJson.read(entries);
    } catch (InputException e) {
      throw new ModelException(file, String.valueOf(e.getMessage()));
    }
    if (signature != null) {
      for (int i = 0; i < state.size(); i++) {
        var check = new StateCheck(signature, "[" + i + "]");
        check
            .problem(state.get(i))
            .ifPresent(
                problem -> {
                  throw wrong(MetadataKey.STATE.key(), problem);
                });
      }
    }
    return state;
  }

  private ModelException wrong(String entry, String problem) {
    return new ModelException(file, "metadata " + Printable.quoted(entry) + " " + problem);
  }
}
