package ai.transonnx.verification.report.page;

import ai.transonnx.verification.report.RunnerReport;
import ai.transonnx.verification.report.RunnerReport.CallReport;
import ai.transonnx.verification.report.RunnerReport.StateSource;
import ai.transonnx.verification.report.RunnerReport.Status;
import ai.transonnx.verification.report.TensorReport;
import ai.transonnx.verification.report.VerificationReport;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The calls of each runtime that is installed. Immutable.
 *
 * @param rows the calls in order, once for each source of state
 */
record CallMatrix(List<Row> rows, List<Column> columns) {
  /** A call with one source of state. */
  record Row(String call, @Nullable StateSource state) {
    static Row of(CallReport call) {
      return new Row(call.call(), call.state());
    }
  }

  /**
   * A runtime and its calls.
   *
   * @param index its position in the report
   */
  record Column(int index, RunnerReport runner, Map<Row, CallReport> calls) {
    static Column of(int index, RunnerReport runner) {
      var calls = new HashMap<Row, CallReport>();
      runner.calls().forEach(call -> calls.put(Row.of(call), call));
      return new Column(index, runner, calls);
    }

    /** Whether the runtime ran a call with any state. */
    boolean ran(String call) {
      return calls.keySet().stream().anyMatch(row -> row.call().equals(call));
    }
  }

  static CallMatrix of(VerificationReport report) {
    var columns = new ArrayList<Column>();
    for (int i = 0; i < report.runners().size(); i++) {
      var runner = report.runners().get(i);
      if (runner.status() != Status.MISSING) {
        columns.add(Column.of(i, runner));
      }
    }
    return new CallMatrix(rows(report), columns);
  }

  private static List<Row> rows(VerificationReport report) {
    var found = new LinkedHashSet<Row>();
    for (var runner : report.runners()) {
      runner.calls().forEach(call -> found.add(Row.of(call)));
    }
    var rows = new LinkedHashSet<Row>();
    for (var call : report.calls()) {
      var states = found.stream().filter(row -> row.call().equals(call.name())).toList();
      rows.addAll(states.isEmpty() ? List.of(new Row(call.name(), null)) : states);
    }
    rows.addAll(found);
    return List.copyOf(rows);
  }

  /** The tensor with the largest error over tolerance; null if there is none. */
  static @Nullable TensorReport worst(Stream<TensorReport> tensors) {
    return tensors.max(Comparator.comparingDouble(TensorReport::ratio)).orElse(null);
  }

  /** The tensor of a runtime with the largest error over tolerance; null if there is none. */
  static @Nullable TensorReport worst(RunnerReport runner) {
    return worst(runner.calls().stream().flatMap(call -> call.tensors().stream()));
  }
}
