package ai.transonnx.export.internal.pickle;

import ai.transonnx.export.internal.pickle.PickleValue.None;
import ai.transonnx.export.internal.pickle.PickleValue.Sequence;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;

/**
 * A {@code torch.nn.Module} that was pickled as an object.
 *
 * @param self the object
 * @param parameters its dictionary of parameters
 * @param buffers its dictionary of buffers
 * @param children its dictionary of inner modules
 * @param notPersistent the names of buffers that a state dict does not have
 */
record PickledModule(
    PickleValue self,
    PickleValue parameters,
    PickleValue buffers,
    PickleValue children,
    PickleValue notPersistent) {
  private static final Set<String> OWN =
      Set.of("_parameters", "_buffers", "_modules", "_non_persistent_buffers_set");

  /** The module that a value is, if its attributes are those of a module. */
  static Optional<PickledModule> of(PickleValue value, NamedValues values) {
    var own = new HashMap<String, PickleValue>();
    values.entries(
        value,
        (key, attribute) ->
            PickleValue.text(key)
                .filter(OWN::contains)
                .ifPresent(name -> own.put(name, attribute)));
    if (!NamedValues.isContainer(own.getOrDefault("_parameters", new None()))
        || !NamedValues.isContainer(own.getOrDefault("_modules", new None()))) {
      return Optional.empty();
    }
    return Optional.of(
        new PickledModule(
            value,
            own.getOrDefault("_parameters", new None()),
            own.getOrDefault("_buffers", new None()),
            own.getOrDefault("_modules", new None()),
            own.getOrDefault("_non_persistent_buffers_set", new None())));
  }

  /** The parameters and persistent buffers by name. */
  void tensors(NamedValues values, BiConsumer<String, TensorValue> action) {
    named(values, parameters, Set.of(), action);
    named(values, buffers, notPersistentNames(values), action);
  }

  private static void named(
      NamedValues values,
      PickleValue dictionary,
      Set<String> without,
      BiConsumer<String, TensorValue> action) {
    values.entries(
        dictionary,
        (key, value) -> {
          if (value instanceof TensorValue tensor) {
            PickleValue.text(key)
                .filter(name -> !without.contains(name))
                .ifPresent(name -> action.accept(name, tensor));
          }
        });
  }

  private Set<String> notPersistentNames(NamedValues values) {
    var names = new HashSet<String>();
    if (notPersistent instanceof Sequence set) {
      values.count(set.items().size());
      set.items().forEach(item -> PickleValue.text(item).ifPresent(names::add));
    }
    return names;
  }

  /** The inner modules of any class, by name. */
  void children(NamedValues values, BiConsumer<String, PickleValue> action) {
    values.entries(
        children,
        (key, value) -> PickleValue.text(key).ifPresent(name -> action.accept(name, value)));
  }

  /** The values of the attributes that are no tensors or modules of its own. */
  void attributes(NamedValues values, BiConsumer<PickleValue, PickleValue> action) {
    values.entries(
        self,
        (key, value) -> {
          if (PickleValue.text(key).filter(OWN::contains).isEmpty()) {
            action.accept(key, value);
          }
        });
  }
}
