package ai.transonnx.verification.report;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where a difference begins. Immutable, so threads may share it.
 *
 * @param call the call in which it was searched for
 * @param module the path of the first module with an error that its inputs do not explain, such as
 *     {@code attn_layers.layers.3.1.to_q}; empty if nodes carry no paths
 * @param node the name of the first such node
 * @param operator its operator, such as {@code MatMul}
 * @param value the name of its first wrong result
 * @param error the largest difference of this value
 * @param tolerance the allowed difference
 * @param description one or two sentences: what differs, and how many times rounding it is
 * @param values the compared intermediate values in the order of the graph: all if they are few,
 *     else the worst of each module
 * @param reproduction the folder with the smallest part of the graph that shows the fault; null if
 *     none was requested, or the fault disappears when intermediate values are outputs
 */
public record Divergence(
    String call,
    String module,
    String node,
    String operator,
    String value,
    double error,
    double tolerance,
    String description,
    List<ValueError> values,
    @Nullable String reproduction) {
  public Divergence {
    values = List.copyOf(values);
  }

  /** The operator and its module, such as {@code MatMul in attn_layers.layers.3.1.to_q}. */
  public String location() {
    return module.isEmpty() ? "%s '%s'".formatted(operator, node) : operator + " in " + module;
  }

  /**
   * The error of an intermediate value.
   *
   * @param value its name
   * @param module the path of the module that computes it
   * @param operator the operator that computes it
   * @param ratio the largest difference divided by the tolerance
   */
  public record ValueError(
      String value,
      String module,
      String operator,
      double magnitude,
      double error,
      double tolerance,
      double ratio) {}
}
