package ai.transonnx.export.internal.pickle;

import java.util.IdentityHashMap;
import java.util.Optional;

/**
 * Reads modules as {@code state_dict()} does: the name of each tensor begins with those of the
 * modules that lead to it. A module may occur several times within another one, so that the names
 * can be far longer than the file; their total is limited, and so is the nesting.
 */
final class ModuleTensors {
  private static final int MAX_DEPTH = 64;
  private static final long MAX_BYTES = 16 << 20;

  /** More than the heap that a tensor takes beside its name. */
  private static final long TENSOR_BYTES = 150;

  /** Receives each module that is part of another one, once for each of its names. */
  @FunctionalInterface
  interface Visitor {
    void visit(KeyPath path, PickledModule module);
  }

  private final NamedValues values;
  private final IdentityHashMap<PickleValue, Optional<PickledModule>> modules =
      new IdentityHashMap<>();
  private long left = Math.min(MAX_BYTES, Runtime.getRuntime().maxMemory() / 16);

  ModuleTensors(NamedValues values) {
    this.values = values;
  }

  /** The module that a value is, if it is one. */
  Optional<PickledModule> module(PickleValue value) {
    var known = modules.get(value);
    if (known == null) {
      known = PickledModule.of(value, values);
      modules.put(value, known);
    }
    return known;
  }

  /**
   * Collects the tensors of a module and of those within it.
   *
   * @throws PickleException if a limit is exceeded
   */
  TensorCollector collect(PickledModule module, KeyPath path, Visitor inner) {
    var tensors = new TensorCollector();
    collect(module, "", path, tensors, inner);
    return tensors;
  }

  private void collect(
      PickledModule module, String prefix, KeyPath path, TensorCollector into, Visitor inner) {
    module.tensors(
        values,
        (name, tensor) -> {
          take(prefix, name);
          into.add(prefix + name, tensor);
        });
    module.children(
        values,
        (name, value) -> {
          var child = module(value);
          if (child.isPresent()) {
            take(prefix, name);
            var innerPath = path.to(name);
            inner.visit(innerPath, child.get());
            collect(child.get(), prefix + name + ".", innerPath, into, inner);
          }
        });
  }

  private void take(String prefix, String name) {
    left -= TENSOR_BYTES + prefix.length() + name.length();
    boolean isTooDeep = prefix.chars().filter(c -> c == '.').count() > MAX_DEPTH;
    if (left < 0 || isTooDeep) {
      throw new PickleException(
          "its modules are nested more than %s deep, or the names of their tensors take more than %s MiB"
              .formatted(MAX_DEPTH, MAX_BYTES >> 20));
    }
  }
}
