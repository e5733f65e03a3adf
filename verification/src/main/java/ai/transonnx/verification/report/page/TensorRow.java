package ai.transonnx.verification.report.page;

import ai.transonnx.verification.report.RunnerReport;
import ai.transonnx.verification.report.RunnerReport.CallReport;
import ai.transonnx.verification.report.TensorReport;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.function.BinaryOperator;
import java.util.stream.Collectors;

/** A tensor of one call. Immutable. */
record TensorRow(CallReport call, TensorReport tensor) {
  static final Comparator<TensorRow> BY_RATIO =
      Comparator.comparingDouble(row -> row.tensor().ratio());

  /** All tensors of all calls. */
  static List<TensorRow> all(RunnerReport runner) {
    return runner.calls().stream()
        .flatMap(call -> call.tensors().stream().map(tensor -> new TensorRow(call, tensor)))
        .toList();
  }

  /** Whether there is more to show than the row. */
  boolean hasDetails() {
    return tensor.mismatch() != null || !tensor.worst().isEmpty() || !tensor.histogram().isEmpty();
  }

  /** The worst call of each tensor. */
  static List<TensorRow> worstCalls(List<TensorRow> all) {
    var rows =
        all.stream()
            .collect(
                Collectors.toMap(
                    row -> row.tensor().name(),
                    row -> row,
                    BinaryOperator.maxBy(BY_RATIO),
                    LinkedHashMap::new));
    return List.copyOf(rows.values());
  }
}
