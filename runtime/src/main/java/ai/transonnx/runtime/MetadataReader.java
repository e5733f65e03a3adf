package ai.transonnx.runtime;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** Reads metadata entries, trusting none of them. */
final class MetadataReader {
  static final String STATE = "transonnx.state";
  static final String MAX_LENGTH = "transonnx.max_length";
  static final String RESERVED_SLOTS = "transonnx.reserved_slots";
  static final String RING = "transonnx.ring";
  static final String KEPT = "transonnx.kept";
  static final String SEGMENT_LENGTH = "transonnx.segment_length";
  static final String GROUP_SIZE = "transonnx.group_size";
  static final String FIXED_WINDOW = "transonnx.fixed_window";
  static final String RAGGED = "transonnx.ragged";
  static final String INCREMENTAL = "transonnx.incremental";

  /** Before the name of an input of tokens. */
  static final String NUM_TOKENS = "transonnx.num_tokens.";

  static final String TOP_K = "transonnx.top_k";
  static final String LIBRARY = "transonnx.library";
  static final String CONFIG = "transonnx.config";
  static final String VERSION = "transonnx.version";
  static final String WEIGHTS = "transonnx.weights_sha256";

  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

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
        reader.flag(INCREMENTAL),
        reader.number(MAX_LENGTH, 1, "a positive number"),
        reader.slots(state),
        reader.keptWindow(state),
        reader.fixedWindow(),
        reader.flag(RAGGED),
        reader.numTokens(),
        reader.topKRounding());
  }

  private CacheLayout slots(List<StatePair> state) {
    return new CacheLayout(
        number(RESERVED_SLOTS, 0, "0 or a positive number").orElse(0),
        ring(RING),
        number(SEGMENT_LENGTH, 1, "a positive number"),
        groupSize(state));
  }

  /** Where buffers of one size have groups of a size that is not said, each call may fill one. */
  private OptionalInt groupSize(List<StatePair> state) {
    var size = number(GROUP_SIZE, 1, "a positive number");
    boolean hasGroups = state.stream().anyMatch(StatePair::isOfOneSize);
    return hasGroups ? OptionalInt.of(size.orElse(1)) : size;
  }

  private Optional<CacheLayout.Ring> keptWindow(List<StatePair> state) {
    var kept = ring(KEPT);
    if (kept.isPresent() && state.stream().noneMatch(StatePair::isWindow)) {
      throw wrong(KEPT + "_window", "is set, but no state 'past_window' of int64");
    }
    return kept;
  }

  private Optional<CacheLayout.Ring> ring(String name) {
    var window = number(name + "_window", 1, "a positive number");
    var slots = number(name + "_slots", 1, "a positive number");
    if (slots.isPresent() != window.isPresent()
        || window.orElse(0) > slots.orElse(Integer.MAX_VALUE)) {
      throw wrong(name + "_slots", "does not go with '%s_window'".formatted(name));
    }
    return slots.isPresent()
        ? Optional.of(new CacheLayout.Ring(window.getAsInt(), slots.getAsInt()))
        : Optional.empty();
  }

  /** What does not say that it can go on may have positions of an end. */
  private Optional<String> fixedWindow() {
    var reason = entries.get(FIXED_WINDOW);
    if (reason != null) {
      return Optional.of(oneLine(reason));
    }
    boolean goesOn =
        ring(RING).isPresent() || ring(KEPT).isPresent() || !entries.containsKey(MAX_LENGTH);
    return goesOn ? Optional.empty() : Optional.of("its positions are not known to be relative");
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
      // Said below, as for a number that is too small.
    }
    throw wrong(entry, "is %s, not %s of 31 bits".formatted(quote(value), expected));
  }

  private boolean flag(String entry) {
    String value = entries.getOrDefault(entry, "false");
    if (!value.equals("true") && !value.equals("false")) {
      throw wrong(entry, "is " + quote(value) + ", not 'true' or 'false'");
    }
    return value.equals("true");
  }

  private Map<String, Integer> numTokens() {
    var counts = new HashMap<String, Integer>();
    for (String entry : entries.keySet()) {
      if (entry.startsWith(NUM_TOKENS)) {
        String input = entry.substring(NUM_TOKENS.length());
        counts.put(input, number(entry, 1, "a positive number").orElseThrow());
      }
    }
    return counts;
  }

  private Optional<TopKCountRounding> topKRounding() {
    String value = entries.get(TOP_K);
    if (value == null) {
      return Optional.empty();
    }
    return switch (value) {
      case "floor" -> Optional.of(TopKCountRounding.FLOOR);
      case "ceil" -> Optional.of(TopKCountRounding.CEIL);
      default -> throw wrong(TOP_K, "is " + quote(value) + ", not 'floor' or 'ceil'");
    };
  }

  private List<StatePair> state() {
    String json = entries.get(STATE);
    if (json == null) {
      return List.of();
    }
    JsonNode list;
    try {
      list = JSON.readTree(json);
    } catch (JsonProcessingException e) {
      throw wrong(STATE, "is not JSON: " + oneLine(e.getOriginalMessage()));
    }
    if (!list.isArray()) {
      throw wrong(STATE, "is not a JSON list");
    }
    var reader = new StateReader(signature, problem -> wrong(STATE, problem));
    var pairs = new ArrayList<StatePair>(list.size());
    for (JsonNode entry : list) {
      pairs.add(reader.pair(entry, "[" + pairs.size() + "]"));
    }
    return pairs;
  }

  private ModelException wrong(String entry, String problem) {
    return new ModelException(file, "metadata " + quote(entry) + " " + problem);
  }

  /** Foreign text, made fit for a message: one line, not too long. */
  static String quote(String text) {
    return "'" + oneLine(text) + "'";
  }

  private static String oneLine(String text) {
    String line = text.replaceAll("\\p{Cntrl}+", " ").strip();
    return line.length() > 80 ? line.substring(0, 80) + "..." : line;
  }
}
