package ai.transonnx.verification.internal.twin;

import ai.transonnx.format.internal.proto.TensorProto;
import ai.transonnx.format.internal.proto.TensorProto.DataType;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The initializers of a graph, which are converted to float64 where they are used first. */
final class StoredValues {
  private final @Nullable StoredValues outer;
  private final NodeList nodes;
  private final Map<String, String> floats = new HashMap<>();
  private final Map<String, String> converted = new HashMap<>();
  private final Map<String, List<Long>> sizes = new HashMap<>();
  private final Map<String, List<Long>> integers = new HashMap<>();
  private final Set<String> own = new HashSet<>();
  private final Set<String> constant = new HashSet<>();

  StoredValues(@Nullable StoredValues outer, NodeList nodes) {
    this.outer = outer;
    this.nodes = nodes;
  }

  /** Adds an initializer with the name that it has in the twin. */
  void add(String name, String storedName, boolean isFloat, List<Long> dims) {
    own.add(name);
    constant.add(name);
    sizes.put(name, dims);
    if (isFloat) {
      floats.put(name, storedName);
    }
  }

  /** Adds an input of the graph. */
  void addInput(String name) {
    own.add(name);
  }

  /** Adds a node's output that does not depend on the model's inputs. */
  void addConstant(String name) {
    own.add(name);
    constant.add(name);
  }

  /** Adds the sizes of a node's output that does not depend on the model's inputs. */
  void addSizes(String name, List<Long> dims) {
    sizes.put(name, dims);
  }

  /** Adds the elements of a small int64 value. */
  void addIntegers(String name, TensorProto tensor) {
    Int64Values.of(tensor).ifPresent(values -> integers.put(name, values));
  }

  /** The elements of a small int64 value that is in the file. */
  Optional<List<Long>> integers(String name) {
    return owner(name).map(values -> values.integers.get(name));
  }

  /** Whether a value does not depend on the model's inputs. */
  boolean isConstant(String name) {
    return owner(name).map(values -> values.constant.contains(name)).orElse(false);
  }

  Optional<List<Long>> sizes(String name) {
    return owner(name).map(values -> values.sizes.get(name));
  }

  /** The stored floating-point value of this name, if it is an initializer. */
  Optional<String> storedFloat(String name) {
    return owner(name).map(values -> values.floats.get(name));
  }

  private Optional<StoredValues> owner(String name) {
    for (StoredValues values = this; values != null; values = values.outer) {
      if (values.own.contains(name)) {
        return Optional.of(values);
      }
    }
    return Optional.empty();
  }

  /** The value in float64, if it has a floating-point type. */
  String use(String name) {
    var storedName = storedFloat(name);
    if (storedName.isEmpty()) {
      return name;
    }
    for (StoredValues values = this; values != null; values = values.outer) {
      var known = values.converted.get(storedName.get());
      if (known != null) {
        return known;
      }
      if (values.own.contains(name)) {
        break;
      }
    }
    var attributes = List.of(Attributes.integer("to", DataType.DOUBLE_VALUE));
    var value = nodes.add("Cast", List.of(storedName.get()), attributes);
    converted.put(storedName.get(), value);
    return value;
  }
}
