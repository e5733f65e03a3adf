package ai.transonnx.export.internal.pickle;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * The globals, such as {@code collections.OrderedDict}, that the reader evaluates in the pickles of
 * one format. All others stay names.
 */
public final class KnownGlobals {
  private static final PickleValue EXTERNAL = new PickleValue.Global("pickle", "persistent_load");

  /** By module, then by name: looking up both joined would copy long strings of the file. */
  private final Map<String, Map<String, PickleValue>> globals;

  private final Function<PickleValue, PickleValue> persistent;

  private KnownGlobals(
      Map<String, Map<String, PickleValue>> globals,
      Function<PickleValue, PickleValue> persistent) {
    this.globals = globals;
    this.persistent = persistent;
  }

  /** Python's containers and bytes. Objects outside the pickle are unknown. */
  public static KnownGlobals standard() {
    return new KnownGlobals(Map.of(), id -> Instance.of(EXTERNAL, List.of(id)))
        .with(StandardGlobals.ALL);
  }

  /** These globals and more, with keys of the form {@code module name}. */
  public KnownGlobals with(Map<String, ? extends PickleValue> more) {
    var all = new HashMap<String, Map<String, PickleValue>>();
    globals.forEach((module, names) -> all.put(module, new HashMap<>(names)));
    more.forEach(
        (key, value) -> {
          int space = key.indexOf(' ');
          all.computeIfAbsent(key.substring(0, space), module -> new HashMap<>())
              .put(key.substring(space + 1), value);
        });
    return new KnownGlobals(all, persistent);
  }

  /**
   * These globals, and a function that loads objects outside the pickle by their persistent ID.
   *
   * @param load throws a {@link PickleException} for an object that it cannot load, which becomes
   *     an {@link Instance}
   */
  public KnownGlobals withPersistent(Function<PickleValue, PickleValue> load) {
    return new KnownGlobals(globals, load);
  }

  /** The value of a global; a {@link PickleValue.Global} if it is not known. */
  PickleValue resolve(String module, String name) {
    var known = globals.getOrDefault(module, Map.of()).get(name);
    return known == null ? new PickleValue.Global(module, name) : known;
  }

  PickleValue persistent(PickleValue id) {
    try {
      return persistent.apply(id);
    } catch (PickleException e) {
      return Instance.failed(EXTERNAL, List.of(id), e);
    }
  }
}
