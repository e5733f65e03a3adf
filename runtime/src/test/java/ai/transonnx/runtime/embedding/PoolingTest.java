package ai.transonnx.runtime.embedding;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.transonnx.runtime.RequestException;
import ai.transonnx.runtime.Tensor;
import org.junit.jupiter.api.Test;

final class PoolingTest {
  /** Two rows of three positions, of which the last of the second row is padding. */
  private static final Tensor EMBEDDINGS =
      Tensor.ofFloats(new float[] {1, 2, 3, 4, 5, 9, 10, 20, 30, 40, -1, -1}, 2, 3, 2);

  @Test
  void theMeanLeavesOutPadding() {
    var vectors = Pooling.MEAN.pool(EMBEDDINGS, 3, 2);
    assertArrayEquals(new float[] {3, 5}, vectors[0]);
    assertArrayEquals(new float[] {20, 30}, vectors[1]);
  }

  @Test
  void theFirstPositionIsSelected() {
    var vectors = Pooling.FIRST.pool(EMBEDDINGS, 3, 2);
    assertArrayEquals(new float[] {1, 2}, vectors[0]);
    assertArrayEquals(new float[] {10, 20}, vectors[1]);
  }

  @Test
  void theLastPositionIsTheOneBeforePadding() {
    var vectors = Pooling.LAST.pool(EMBEDDINGS, 3, 2);
    assertArrayEquals(new float[] {5, 9}, vectors[0]);
    assertArrayEquals(new float[] {30, 40}, vectors[1]);
  }

  @Test
  void lengthsAndRanksAreChecked() {
    for (int length : new int[] {0, 4}) {
      var error =
          assertThrows(RequestException.class, () -> Pooling.MEAN.pool(EMBEDDINGS, 1, length));
      assertTrue(error.getMessage().startsWith("row 1 has " + length), error.getMessage());
    }
    assertThrows(RequestException.class, () -> Pooling.MEAN.pool(EMBEDDINGS, 3));
    var flat = Tensor.ofFloats(new float[2], 1, 2);
    assertThrows(RequestException.class, () -> Pooling.MEAN.pool(flat, 1));
  }
}
