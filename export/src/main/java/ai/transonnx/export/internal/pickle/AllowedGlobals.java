package ai.transonnx.export.internal.pickle;

import ai.transonnx.format.internal.Printable;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;

/** The globals, such as {@code collections.OrderedDict}, that the pickles of one format may use. */
public final class AllowedGlobals {
  private final Map<String, PickleValue> globals;
  private final Function<PickleValue, PickleValue> persistent;

  private AllowedGlobals(
      Map<String, PickleValue> globals, Function<PickleValue, PickleValue> persistent) {
    this.globals = Map.copyOf(globals);
    this.persistent = persistent;
  }

  /** Python's containers, strings and bytes, without persistent objects. */
  public static AllowedGlobals standard() {
    return new AllowedGlobals(
        StandardGlobals.ALL,
        id -> {
          throw new PickleException(
              "it refers to an object outside the pickle, which this format does not support");
        });
  }

  /** These globals and more, with keys of the form {@code module name}. */
  public AllowedGlobals with(Map<String, ? extends PickleValue> more) {
    var all = new HashMap<>(globals);
    all.putAll(more);
    return new AllowedGlobals(all, persistent);
  }

  /** These globals, and a function that loads objects outside the pickle by their persistent ID. */
  public AllowedGlobals withPersistent(Function<PickleValue, PickleValue> load) {
    return new AllowedGlobals(globals, load);
  }

  /**
   * Resolves a global.
   *
   * @throws PickleException if it is not allowed; the message has its name
   */
  PickleValue resolve(String module, String name) {
    var known = globals.get(module + " " + name);
    if (known == null) {
      throw new PickleException(
          "it uses the global '%s.%s', which is not allowed; save plain tensors, such as a state dict"
              .formatted(Printable.of(module), Printable.of(name)));
    }
    return known;
  }

  PickleValue persistent(PickleValue id) {
    return persistent.apply(id);
  }
}
