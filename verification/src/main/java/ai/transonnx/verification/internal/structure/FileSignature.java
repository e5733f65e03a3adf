package ai.transonnx.verification.internal.structure;

import ai.transonnx.format.Dim;
import ai.transonnx.graph.Model;
import ai.transonnx.graph.Value;
import ai.transonnx.runtime.TensorSpec;
import ai.transonnx.verification.internal.graph.ModelFile;
import java.util.List;
import java.util.Optional;

/** Compares the inputs and outputs of a file with those of a model. */
final class FileSignature {
  private FileSignature() {}

  /** The first difference, as text; empty if there is none. Names of sizes are not compared. */
  static Optional<String> difference(ModelFile file, Model model) {
    return difference("input", file.inputs(), model.graph().inputs())
        .or(() -> difference("output", file.outputs(), model.graph().outputs()));
  }

  private static Optional<String> difference(
      String kind, List<TensorSpec> given, List<Value> wanted) {
    for (var value : wanted) {
      var spec = given.stream().filter(one -> one.name().equals(value.name())).findAny();
      if (spec.isEmpty()) {
        return Optional.of("the file has no %s '%s'".formatted(kind, value.name()));
      }
      if (!fits(spec.get(), value)) {
        return Optional.of(
            "the file's %s '%s' is %s%s; expected is %s"
                .formatted(kind, value.name(), spec.get().type(), spec.get().dims(), value.type()));
      }
    }
    return given.stream()
        .filter(one -> wanted.stream().noneMatch(value -> value.name().equals(one.name())))
        .findFirst()
        .map(one -> "the class has no such %s '%s'".formatted(kind, one.name()));
  }

  private static boolean fits(TensorSpec spec, Value value) {
    boolean fits = spec.type() == value.elements() && spec.rank() == value.rank();
    for (int axis = 0; fits && axis < spec.rank(); axis++) {
      Dim given = spec.dims().get(axis);
      Dim wanted = value.dim(axis);
      fits = given.isFixed() == wanted.isFixed() && (!given.isFixed() || given.equals(wanted));
    }
    return fits;
  }
}
