package ai.transonnx.export.internal.numpy;

import ai.transonnx.export.internal.pickle.Arguments;
import ai.transonnx.export.internal.pickle.PickleException;
import ai.transonnx.export.internal.pickle.PickleValue;

/** A {@code numpy.dtype} in a pickle: made of a name, then told the order of its bytes. */
final class NumpyTypeValue implements PickleValue.Built {
  private NumpyType type;

  private NumpyTypeValue(NumpyType type) {
    this.type = type;
  }

  /** {@code dtype('f4', False, True)}. */
  static NumpyTypeValue of(Arguments arguments) {
    String name = arguments.text(0, "its name");
    return new NumpyTypeValue(
        NumpyType.of(name)
            .orElseThrow(
                () ->
                    new PickleException(
                        "%s: arrays of type %s are not read; only %s"
                            .formatted(
                                arguments.of(),
                                arguments.value(0, "its name").kind(),
                                NumpyType.NAMES))));
  }

  NumpyType type() {
    return type;
  }

  /** Takes NumPy's tuple (version, order, ...), of which only the order is of interest here. */
  @Override
  public void build(PickleValue state) {
    if (!(state instanceof Tuple tuple)) {
      throw new PickleException("an array type's state cannot be " + state.kind());
    }
    var parts = new Arguments("an array type's state", tuple.items());
    type =
        switch (parts.text(1, "its order")) {
          case "<", "|", "=" -> new NumpyType(type.elements(), false);
          case ">" -> new NumpyType(type.elements(), true);
          default -> throw parts.wrong(1, "its order");
        };
  }

  @Override
  public String kind() {
    return "an array type";
  }
}
