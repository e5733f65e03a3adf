package ai.transonnx.export.internal.numpy;

import ai.transonnx.export.internal.pickle.Arguments;
import ai.transonnx.export.internal.pickle.PickleException;
import ai.transonnx.export.internal.pickle.PickleValue;
import ai.transonnx.format.internal.Printable;

/** A {@code numpy.dtype} in a pickle: created from a name, then given its byte order. */
final class PickledDtype implements PickleValue.LibraryObject {
  private NumpyType type;

  private PickledDtype(NumpyType type) {
    this.type = type;
  }

  /** {@code dtype('f4', False, True)}. */
  static PickledDtype of(Arguments arguments) {
    String name = arguments.text(0, "its name");
    return new PickledDtype(
        NumpyType.of(name)
            .orElseThrow(
                () ->
                    new PickleException(
                        "%s: the element type '%s' is not supported; supported types are %s"
                            .formatted(arguments.owner(), Printable.of(name), NumpyType.NAMES))));
  }

  NumpyType type() {
    return type;
  }

  /** Sets the state: (version, byte order, ...), of which only the byte order is used. */
  @Override
  public void build(PickleValue state) {
    if (!(state instanceof Tuple tuple)) {
      throw new PickleException("an array type's state cannot be " + state.description());
    }
    var parts = new Arguments("an array type's state", tuple.items());
    type =
        switch (parts.text(1, "its order")) {
          case "<", "|", "=" -> new NumpyType(type.elements(), false);
          case ">" -> new NumpyType(type.elements(), true);
          default -> throw parts.invalid(1, "its order");
        };
  }

  @Override
  public String description() {
    return "an array type";
  }
}
