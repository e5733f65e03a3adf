package ai.transonnx.verification.internal.twin;

import java.util.List;

/** An operator as an expression of others. */
@FunctionalInterface
interface Expansion {
  /**
   * Writes the expression.
   *
   * @return the values of the outputs, in order; outputs that are not requested may be missing at
   *     the end or empty
   * @throws NoTwinException if this use of the operator has no such expression
   */
  List<String> write(Call call, Computation to);

  /** An expansion with one output. */
  @FunctionalInterface
  interface Single {
    String write(Call call, Computation to);

    default Expansion asExpansion() {
      return (call, to) -> List.of(write(call, to));
    }
  }
}
