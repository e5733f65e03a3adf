package ai.transonnx.export.internal.pickle;

import ai.transonnx.format.internal.Printable;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;

/** All that pickles of a kind may ask for. */
public final class AllowedGlobals {
  private final Map<String, PickleValue> names;
  private final Function<PickleValue, PickleValue> persistent;

  private AllowedGlobals(
      Map<String, PickleValue> names, Function<PickleValue, PickleValue> persistent) {
    this.names = Map.copyOf(names);
    this.persistent = persistent;
  }

  /** Python's own containers and texts, and no persistent objects. */
  public static AllowedGlobals standard() {
    return new AllowedGlobals(
        StandardNames.ALL,
        id -> {
          throw new PickleException(
              "it refers to objects outside of it, which this format has not");
        });
  }

  /** This with more names, each as {@code module name}. */
  public AllowedGlobals with(Map<String, ? extends PickleValue> more) {
    var all = new HashMap<>(names);
    all.putAll(more);
    return new AllowedGlobals(all, persistent);
  }

  /** This with objects that lie outside of the pickle, by their identity. */
  public AllowedGlobals withPersistent(Function<PickleValue, PickleValue> load) {
    return new AllowedGlobals(names, load);
  }

  /**
   * What a name stands for.
   *
   * @throws PickleException if it is not one of the names, with the name
   */
  PickleValue named(String module, String name) {
    var known = names.get(module + " " + name);
    if (known == null) {
      throw new PickleException(
          "it asks for '%s.%s', which no file of weights needs; save plain tensors, such as a state dict"
              .formatted(Printable.of(module), Printable.of(name)));
    }
    return known;
  }

  PickleValue persistent(PickleValue id) {
    return persistent.apply(id);
  }
}
