package ai.transonnx.format;

import java.util.List;

/**
 * The roles of state in files that do not name them. In these, names of dimensions and inputs
 * implied how a runtime may use them.
 *
 * @param hasRing whether the model's buffers are rings
 */
record FormerRoles(boolean hasRing) {
  private static final String WINDOW = "past_window";
  private static final Dim CONTEXT = Dim.of("kept_context");

  /** Dimensions of buffers of one size have names that begin like this. */
  private static final String SLOTS = "slots";

  StateRole of(String input, ElementType type, List<Dim> shape, List<Dim> first) {
    if (type == ElementType.INT64 && input.equals(WINDOW)) {
      return StateRole.WINDOW;
    }
    if (type == ElementType.INT64 && shape.size() == 1) {
      return StateRole.COUNTER;
    }
    if (shape.contains(CONTEXT)) {
      return StateRole.CONTEXT;
    }
    if (shape.contains(StateTensor.CAPACITY)) {
      return hasRing ? StateRole.RING : StateRole.BUFFER;
    }
    if (shape.stream().anyMatch(dim -> dim.toString().startsWith(SLOTS))) {
      return StateRole.GROUP;
    }
    for (int axis = 0; axis < shape.size(); axis++) {
      if (first.get(axis).isFixed() && !shape.get(axis).isFixed()) {
        return StateRole.MEMORY;
      }
    }
    return StateRole.RECURRENT;
  }
}
