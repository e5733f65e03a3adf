package ai.transonnx.spark.internal.rows;

import ai.transonnx.runtime.InferenceException;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Sorts rows into batches of equal length, so that no row is padded and none sees another.
 *
 * @param batchSize the maximum number of rows in a call of the model
 */
record EqualLengths(int batchSize) {
  /** The maximum number of positions in a call with several rows; a single row may have more. */
  private static final int MAX_POSITIONS = 1 << 14;

  /** Encodes a text, or throws the reason why it is invalid. */
  interface Encoding {
    long[] tokens(String text);
  }

  /** Computes the values of sequences of equal length. */
  interface Batch {
    List<?> values(long[][] sequences);
  }

  List<RowResult> compute(List<TextRow> rows, Encoding encoding, Batch batch) {
    var results = new @Nullable RowResult[rows.size()];
    var tokens = new long[rows.size()][];
    var byLength = new TreeMap<Integer, List<Integer>>();
    for (int row = 0; row < rows.size(); row++) {
      var text = rows.get(row).text();
      if (text == null) {
        results[row] = RowResult.invalid("the text is null");
        continue;
      }
      try {
        tokens[row] = encoding.tokens(text);
        byLength.computeIfAbsent(tokens[row].length, n -> new ArrayList<>()).add(row);
      } catch (InferenceException e) {
        results[row] = RowResult.invalid(RowFailure.reason(e));
      }
    }
    byLength.forEach(
        (length, group) -> {
          int most = Math.max(1, Math.min(batchSize, MAX_POSITIONS / Math.max(1, length)));
          for (int from = 0; from < group.size(); from += most) {
            var indices = group.subList(from, Math.min(from + most, group.size()));
            compute(tokens, indices, batch, results);
          }
        });
    return List.of(results);
  }

  private static void compute(
      long[][] tokens, List<Integer> indices, Batch batch, @Nullable RowResult[] results) {
    try {
      var values = batch.values(indices.stream().map(i -> tokens[i]).toArray(long[][]::new));
      for (int i = 0; i < indices.size(); i++) {
        results[indices.get(i)] = RowResult.valid(values.get(i));
      }
    } catch (InferenceException e) {
      String reason = RowFailure.reason(e);
      if (indices.size() == 1) {
        results[indices.get(0)] = RowResult.invalid(reason);
        return;
      }
      for (int i = 0; i < indices.size(); i++) {
        compute(tokens, indices.subList(i, i + 1), batch, results);
      }
    }
  }
}
