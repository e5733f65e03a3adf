package ai.transonnx.spark.internal.rows;

import org.jspecify.annotations.Nullable;

/**
 * The result of one row.
 *
 * @param value the value of the output column; null if the row is invalid
 * @param error the reason why the row is invalid; null if it is valid
 */
public record RowResult(@Nullable Object value, @Nullable String error) {
  static RowResult valid(Object value) {
    return new RowResult(value, null);
  }

  static RowResult invalid(String error) {
    return new RowResult(null, error);
  }
}
