package ai.transonnx.spark.internal.rows;

import ai.transonnx.runtime.RequestException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.jspecify.annotations.Nullable;

/**
 * Adds columns to the rows of a partition, in their order. It reads a window of rows at a time, so
 * that rows of like length can share calls.
 *
 * @param text the index of the column with the texts
 * @param key the index of the column from which seeds are derived; negative if there is none
 * @param hasErrors whether a column with the reasons of invalid rows is added
 */
public record TransformedRows(
    TextTask plan, int text, int key, InvalidRows invalid, boolean hasErrors)
    implements MapPartitionsFunction<Row, Row> {
  /** The maximum number of characters in a window of several rows. */
  private static final int MAX_CHARACTERS = 4 << 20;

  @Override
  public Iterator<Row> call(Iterator<Row> rows) {
    return new Results(rows, new TaskComputation(plan, TaskContext.get()));
  }

  private TextRow input(Row row) {
    return new TextRow(
        row.isNullAt(text) ? null : row.getString(text),
        key < 0 || row.isNullAt(key) ? null : String.valueOf(row.get(key)));
  }

  private @Nullable Row output(Row row, RowResult result) {
    if (result.error() != null) {
      switch (invalid) {
        case ERROR ->
            throw new RequestException(
                "a row is invalid: %s; set handleInvalid to 'keep' or 'skip' to continue without it"
                    .formatted(result.error()));
        case SKIP -> {
          return null;
        }
        case KEEP -> {}
      }
    }
    int size = row.length();
    var values = new @Nullable Object[size + (hasErrors ? 2 : 1)];
    for (int i = 0; i < size; i++) {
      values[i] = row.get(i);
    }
    values[size] = result.value();
    if (hasErrors) {
      values[size + 1] = result.error();
    }
    return RowFactory.create(values);
  }

  private final class Results implements Iterator<Row> {
    private final Iterator<Row> input;
    private final TaskComputation computation;
    private final Deque<Row> ready = new ArrayDeque<>();

    Results(Iterator<Row> input, TaskComputation computation) {
      this.input = input;
      this.computation = computation;
    }

    @Override
    public boolean hasNext() {
      while (ready.isEmpty() && input.hasNext()) {
        computeWindow();
      }
      return !ready.isEmpty();
    }

    @Override
    public Row next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      return ready.remove();
    }

    private void computeWindow() {
      var rows = new ArrayList<Row>();
      var texts = new ArrayList<TextRow>();
      long characters = 0;
      while (rows.size() < plan.windowRows() && characters < MAX_CHARACTERS && input.hasNext()) {
        var row = input.next();
        var text = input(row);
        rows.add(row);
        texts.add(text);
        characters += text.text() == null ? 0 : text.text().length();
      }
      var results = computation.compute(texts);
      for (int i = 0; i < rows.size(); i++) {
        var output = output(rows.get(i), results.get(i));
        if (output != null) {
          ready.add(output);
        }
      }
    }
  }
}
