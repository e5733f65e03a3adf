package ai.transonnx.export.internal.expression;

import java.util.List;

/**
 * Rows of a tensor by their indices.
 *
 * @param rowLength elements of a row
 */
record SelectedElements(Elements all, List<Long> indices, long rowLength) implements Elements {
  @Override
  public void read(long from, float[] into, int at, int count) {
    for (int done = 0; done < count; ) {
      long row = indices.get((int) ((from + done) / rowLength));
      long start = (from + done) % rowLength;
      int some = (int) Math.min(count - done, rowLength - start);
      all.read(row * rowLength + start, into, at + done, some);
      done += some;
    }
  }
}
