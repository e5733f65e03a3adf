package ai.transonnx.verification.internal.twin;

import ai.transonnx.format.internal.proto.AttributeProto;
import ai.transonnx.format.internal.proto.NodeProto;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The sizes of weights that are reshaped before they are used. */
final class StaticSizes {
  private StaticSizes() {}

  /** Adds the sizes of a node's output that does not depend on the model's inputs, if known. */
  static void add(NodeProto node, StoredValues stored) {
    if (node.getOutputCount() == 0) {
      return;
    }
    var output = node.getOutput(0);
    if (node.getOpType().equals("Constant")) {
      Attributes.find(node, "value")
          .map(AttributeProto::getT)
          .ifPresent(
              tensor -> {
                stored.addSizes(output, tensor.getDimsList());
                stored.addIntegers(output, tensor);
              });
    } else if (node.getInputCount() > 0) {
      stored
          .sizes(node.getInput(0))
          .flatMap(sizes -> sizes(node, sizes, stored))
          .ifPresent(sizes -> stored.addSizes(output, sizes));
    }
  }

  private static Optional<List<Long>> sizes(NodeProto node, List<Long> sizes, StoredValues stored) {
    return switch (node.getOpType()) {
      case "Identity", "Cast", "Neg", "DequantizeLinear" -> Optional.of(sizes);
      case "Unsqueeze" -> axes(node, stored).flatMap(axes -> unsqueezed(sizes, axes));
      case "Reshape" -> stored.integers(input(node, 1)).filter(StaticSizes::areFixed);
      case "Transpose" -> transposed(sizes, Attributes.integers(node, "perm"));
      default -> Optional.empty();
    };
  }

  private static String input(NodeProto node, int index) {
    return index < node.getInputCount() ? node.getInput(index) : "";
  }

  private static Optional<List<Long>> axes(NodeProto node, StoredValues stored) {
    var attribute = Attributes.integers(node, "axes");
    return attribute.isEmpty() ? stored.integers(input(node, 1)) : Optional.of(attribute);
  }

  private static boolean areFixed(List<Long> sizes) {
    return sizes.stream().allMatch(size -> size > 0);
  }

  private static Optional<List<Long>> unsqueezed(List<Long> sizes, List<Long> axes) {
    int rank = sizes.size() + axes.size();
    var isNew = new boolean[rank];
    for (long axis : axes) {
      long index = axis < 0 ? axis + rank : axis;
      if (index < 0 || index >= rank || isNew[(int) index]) {
        return Optional.empty();
      }
      isNew[(int) index] = true;
    }
    var result = new ArrayList<Long>();
    int next = 0;
    for (boolean added : isNew) {
      result.add(added ? Long.valueOf(1) : sizes.get(next++));
    }
    return Optional.of(result);
  }

  private static Optional<List<Long>> transposed(List<Long> sizes, List<Long> order) {
    boolean fits =
        order.size() == sizes.size()
            && order.stream().allMatch(axis -> axis >= 0 && axis < sizes.size());
    return fits
        ? Optional.of(order.stream().map(axis -> sizes.get(axis.intValue())).toList())
        : Optional.empty();
  }
}
