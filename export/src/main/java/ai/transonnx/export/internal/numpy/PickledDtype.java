package ai.transonnx.export.internal.numpy;

import ai.transonnx.export.internal.pickle.Arguments;
import ai.transonnx.export.internal.pickle.PickleException;
import ai.transonnx.export.internal.pickle.PickleValue;
import ai.transonnx.format.internal.Printable;
import java.util.Optional;

/** A {@code numpy.dtype} in a pickle: created from a name, then given its byte order. */
final class PickledDtype implements PickleValue.LibraryObject {
  private final String name;
  private Optional<NumpyType> type;

  private PickledDtype(String name) {
    this.name = name;
    this.type = NumpyType.of(name);
  }

  /** {@code dtype('f4', False, True)}. */
  static PickledDtype of(Arguments arguments) {
    return new PickledDtype(arguments.text(0, "its name"));
  }

  /**
   * The type.
   *
   * @throws PickleException if it is not supported
   */
  NumpyType required() {
    return type.orElseThrow(
        () ->
            new PickleException(
                "the element type '%s' is not supported; supported types are %s"
                    .formatted(Printable.of(name), NumpyType.NAMES)));
  }

  /** Sets the state: (version, byte order, ...), of which only the byte order is used. */
  @Override
  public void build(PickleValue state) {
    if (type.isEmpty()) {
      return;
    }
    if (!(state instanceof Tuple tuple)) {
      throw new PickleException("an array type's state cannot be " + state.description());
    }
    var parts = new Arguments("an array type's state", tuple.items());
    boolean isBigEndian =
        switch (parts.text(1, "its order")) {
          case "<", "|", "=" -> false;
          case ">" -> true;
          default -> throw parts.invalid(1, "its order");
        };
    type = type.map(known -> new NumpyType(known.elements(), isBigEndian));
  }

  @Override
  public String description() {
    return "the array type " + Printable.of(name);
  }
}
