package ai.transonnx.export.internal.pickle;

import ai.transonnx.export.internal.pickle.PickleValue.Mapping;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The values of a dictionary, or the attributes of an object, by name.
 *
 * @param owner the dictionary or object, for error messages
 */
public record Attributes(String owner, Map<String, PickleValue> values) {
  /** Objects may share one dictionary of attributes, and each reads it. */
  private static final int MAX_ATTRIBUTES = 64;

  /**
   * The attributes of an object, or the values of a small dictionary.
   *
   * @throws PickleException if the value has none, or too many
   */
  public static Attributes of(String owner, PickleValue value) {
    return of(owner, value, MAX_ATTRIBUTES);
  }

  /**
   * The values of a dictionary of any size. Entries whose key is not a short string are left out.
   *
   * @throws PickleException if the value is no dictionary
   */
  public static Attributes ofAll(String owner, PickleValue value) {
    return of(owner, value, Integer.MAX_VALUE);
  }

  private static Attributes of(String owner, PickleValue value, int most) {
    var mappings = new ArrayList<Mapping>();
    NamedValues.mappings(value, mappings::add);
    if (mappings.isEmpty()) {
      throw new PickleException(
          "%s: expected a dictionary or an object, got %s".formatted(owner, value.description()));
    }
    var values = new LinkedHashMap<String, PickleValue>();
    for (var mapping : mappings) {
      if (mapping.entries().size() > most) {
        throw new PickleException(
            "%s has %s values; at most %s are expected"
                .formatted(owner, mapping.entries().size(), most));
      }
      for (var entry : mapping.entries()) {
        PickleValue.text(entry.key()).ifPresent(name -> values.put(name, entry.value()));
      }
    }
    return new Attributes(owner, values);
  }

  /** A value; empty if it is absent or {@code None}. */
  public Optional<PickleValue> find(String name) {
    return Optional.ofNullable(values.get(name))
        .filter(value -> !(value instanceof PickleValue.None));
  }

  /**
   * A value.
   *
   * @throws PickleException if it is absent
   */
  public PickleValue get(String name) {
    return find(name)
        .orElseThrow(() -> new PickleException("%s has no '%s'".formatted(owner, name)));
  }

  /** The values of a dictionary of any size. */
  public Attributes entries(String name) {
    return ofAll(name, get(name));
  }

  /** A short string. */
  public String text(String name) {
    return argument(name).text(0, name);
  }

  /** A non-negative integer. */
  public long size(String name) {
    return argument(name).size(0, name);
  }

  /** Non-negative integers. */
  public long[] sizes(String name) {
    return argument(name).sizes(0, name);
  }

  private Arguments argument(String name) {
    return new Arguments(owner, List.of(get(name)));
  }
}
