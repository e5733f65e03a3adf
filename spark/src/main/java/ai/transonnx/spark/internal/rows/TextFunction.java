package ai.transonnx.spark.internal.rows;

import ai.transonnx.runtime.Cancellation;
import ai.transonnx.runtime.RequestException;
import java.util.List;
import org.apache.spark.TaskContext;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.api.java.UDF2;
import org.jspecify.annotations.Nullable;

/**
 * Computes one row at a time, as an SQL function of a text, or of a text and the key of its row.
 */
public final class TextFunction
    implements UDF1<String, @Nullable Object>, UDF2<String, Object, @Nullable Object> {
  private static final long serialVersionUID = 1;

  private final TextTask plan;
  private final InvalidRows invalid;
  private final boolean hasErrors;
  private transient @Nullable TaskContext task;
  private transient @Nullable TaskComputation computation;

  /**
   * A function.
   *
   * @param hasErrors whether it returns a structure of the value and the reason why there is none
   */
  public TextFunction(TextTask plan, InvalidRows invalid, boolean hasErrors) {
    this.plan = plan;
    this.invalid = invalid;
    this.hasErrors = hasErrors;
  }

  @Override
  public @Nullable Object call(@Nullable String text) {
    return value(compute(new TextRow(text, null)));
  }

  @Override
  public @Nullable Object call(@Nullable String text, @Nullable Object key) {
    return value(compute(new TextRow(text, key == null ? null : String.valueOf(key))));
  }

  private synchronized RowResult compute(TextRow row) {
    var current = TaskContext.get();
    if (current == null) { // Spark's optimizer computes functions of constants.
      try (var constant = plan.open(new Cancellation())) {
        return constant.compute(List.of(row)).get(0);
      }
    }
    if (computation == null || task != current) {
      task = current;
      computation = new TaskComputation(plan, current);
    }
    return computation.compute(List.of(row)).get(0);
  }

  private @Nullable Object value(RowResult result) {
    if (result.error() != null && invalid == InvalidRows.ERROR) {
      throw new RequestException(
          "a row is invalid: %s; set handleInvalid to 'keep' to continue with null"
              .formatted(result.error()));
    }
    return hasErrors ? RowFactory.create(result.value(), result.error()) : result.value();
  }
}
