package ai.transonnx.verification.report.page;

import ai.transonnx.verification.report.RunnerReport;
import ai.transonnx.verification.report.RunnerReport.Status;
import ai.transonnx.verification.report.VerificationReport;
import java.util.List;

/**
 * Selects the tensors that fit on a page: all of them in small reports, the worst in large ones.
 * Immutable.
 *
 * @param hasAllCalls whether a tensor has a row for each call, not for the worst one alone
 * @param hasAllDetails whether every row has details
 * @param mostRows the number of rows of a runtime
 */
record TensorSelection(boolean hasAllCalls, boolean hasAllDetails, int mostRows) {
  private static final long MOST_FOR_ALL_CALLS = 800;
  private static final long MOST_FOR_ALL_DETAILS = 48;
  private static final int MOST_ROWS = 6000;
  private static final int FEWEST_ROWS = 20;
  private static final int DETAILS_OF_FAILED = 6;
  private static final int DETAILS_OF_PASSED = 2;

  static TensorSelection of(VerificationReport report) {
    long count =
        report.runners().stream()
            .flatMap(runner -> runner.calls().stream())
            .mapToLong(call -> call.tensors().size())
            .sum();
    int runners = Math.max(1, report.runners().size());
    return new TensorSelection(
        count <= MOST_FOR_ALL_CALLS,
        count <= MOST_FOR_ALL_DETAILS,
        Math.max(FEWEST_ROWS, MOST_ROWS / runners));
  }

  /** The rows of a runtime's table, in order. */
  List<TensorRow> rows(RunnerReport runner) {
    var rows = candidates(runner);
    return rows.size() <= mostRows
        ? rows
        : rows.stream().sorted(TensorRow.BY_RATIO.reversed()).limit(mostRows).toList();
  }

  /** Whether a runtime has more rows than its table, which then has the worst ones. */
  boolean isCut(RunnerReport runner) {
    return candidates(runner).size() > mostRows;
  }

  private List<TensorRow> candidates(RunnerReport runner) {
    return hasAllCalls ? TensorRow.all(runner) : TensorRow.worstCalls(TensorRow.all(runner));
  }

  /** The tensors that are shown in detail, the worst first. */
  List<TensorRow> details(RunnerReport runner) {
    var detailed = TensorRow.all(runner).stream().filter(TensorRow::hasDetails).toList();
    var rows = hasAllDetails ? detailed : TensorRow.worstCalls(detailed);
    int most = runner.status() == Status.FAILED ? DETAILS_OF_FAILED : DETAILS_OF_PASSED;
    return rows.stream()
        .sorted(TensorRow.BY_RATIO.reversed())
        .limit(hasAllDetails ? rows.size() : most)
        .toList();
  }
}
