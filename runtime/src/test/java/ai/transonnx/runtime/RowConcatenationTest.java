package ai.transonnx.runtime;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class RowConcatenationTest {
  @Test
  void rowsAreConcatenatedAndPaddedAlongAnAxis() {
    var shorter = Tensor.ofLongs(new long[] {1, 2, 3, 4}, 1, 2, 1, 2);
    var longer = Tensor.ofLongs(new long[] {5, 6, 7, 8, 9, 10, 11, 12}, 1, 2, 2, 2);
    var all = RowConcatenation.of(List.of(shorter, longer), 2);
    assertArrayEquals(new long[] {2, 2, 2, 2}, all.shape());
    assertArrayEquals(new long[] {1, 2, 0, 0, 3, 4, 0, 0, 5, 6, 7, 8, 9, 10, 11, 12}, all.longs());
    var none = Tensor.ofLongs(new long[0], 1, 0, 2);
    var one = Tensor.ofLongs(new long[] {1, 2}, 1, 1, 2);
    assertArrayEquals(new long[] {0, 0, 1, 2}, RowConcatenation.of(List.of(none, one), 1).longs());
    var rows = RowConcatenation.of(List.of(shorter, shorter), -1);
    assertArrayEquals(new long[] {1, 2, 3, 4, 1, 2, 3, 4}, rows.longs());
    var numbers = RowConcatenation.of(List.of(Tensor.ofLongs(new long[] {7}, 1), rows(8, 9)), -1);
    assertArrayEquals(new long[] {7, 8, 9}, numbers.longs());
  }

  private static Tensor rows(long... values) {
    return Tensor.ofLongs(values, values.length);
  }

  @Test
  void tensorsThatDifferInOtherAxesCannotBeConcatenated() {
    var shapes = List.of(new long[] {1, 2, 3}, new long[] {2, 2, 4});
    assertArrayEquals(new long[] {3, 2, 4}, RowConcatenation.shape(shapes, 2).orElseThrow());
    assertTrue(RowConcatenation.shape(shapes, 1).isEmpty());
    assertTrue(RowConcatenation.shape(List.of(new long[] {1}, new long[] {1, 2}), -1).isEmpty());
    assertTrue(RowConcatenation.shape(List.of(new long[0], new long[0]), -1).isEmpty());
  }
}
