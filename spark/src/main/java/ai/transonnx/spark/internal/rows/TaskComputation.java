package ai.transonnx.spark.internal.rows;

import ai.transonnx.runtime.Cancellation;
import java.util.List;
import org.apache.spark.TaskContext;
import org.apache.spark.TaskKilledException;
import org.apache.spark.util.TaskCompletionListener;
import org.jspecify.annotations.Nullable;

/** The computation of one Spark task, which loads the model at the first row. */
final class TaskComputation {
  private final TextTask plan;
  private final TaskContext task;
  private final Cancellation cancellation = new Cancellation();
  private @Nullable TextComputation computation;

  /** The computation of the task of this thread; it is closed when the task ends. */
  TaskComputation(TextTask plan, TaskContext task) {
    this.plan = plan;
    this.task = task;
    TaskCompletionListener listener = ended -> close();
    task.addTaskCompletionListener(listener);
  }

  /**
   * The results of rows, in their order.
   *
   * @throws TaskKilledException if Spark kills the task
   */
  List<RowResult> compute(List<TextRow> rows) {
    checkKilled();
    if (computation == null) {
      computation = plan.open(cancellation);
    }
    var results = computation.compute(rows);
    checkKilled(); // They may be incomplete.
    return results;
  }

  private void checkKilled() {
    if (task.isInterrupted()) {
      throw new TaskKilledException();
    }
  }

  private void close() {
    cancellation.cancel();
    if (computation != null) {
      computation.close();
    }
  }
}
