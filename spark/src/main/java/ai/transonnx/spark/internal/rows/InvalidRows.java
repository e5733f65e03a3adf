package ai.transonnx.spark.internal.rows;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** What happens to a row that has no result. */
public enum InvalidRows {
  /** The job fails. */
  ERROR,
  /** The row is not in the result. */
  SKIP,
  /** The output is null, and the error column has the reason. */
  KEEP;

  /** The value of the parameter. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The labels of all values. */
  public static List<String> labels() {
    return Arrays.stream(values()).map(InvalidRows::label).toList();
  }

  /** The value with a label. */
  public static InvalidRows of(String label) {
    return valueOf(label.toUpperCase(Locale.ROOT));
  }
}
