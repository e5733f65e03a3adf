package ai.transonnx.runtime;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class ForkedRowsTest {
  @TempDir private Path folder;

  static Stream<TinyModel> models() {
    return Stream.of(TinyModels.stateful(), TinyModels.stateless(), TinyModels.growing());
  }

  @ParameterizedTest
  @MethodSource("models")
  void rowsAreSelectedInAnyOrderAndNumber(TinyModel tiny) {
    try (var model = OnnxModel.load(tiny.write(folder));
        var loop = TokenLoop.of(model, 3)) {
      loop.feed(1, 2, 3, 4, 5, 6);
      try (var fork = loop.forkRows(2, 0, 2, 2)) {
        assertEquals(4, fork.batch());
        assertEquals(2, fork.position());
        assertEquals(TinyModels.next(5, 6), TinyModels.argmax(fork, 0));
        fork.feed(1, 2, 3, 4);
        assertEquals(TinyModels.next(5, 6, 1), TinyModels.argmax(fork, 0));
        assertEquals(TinyModels.next(1, 2, 2), TinyModels.argmax(fork, 1));
        assertEquals(TinyModels.next(5, 6, 4), TinyModels.argmax(fork, 3));
        fork.rewind(1);
        assertEquals(TinyModels.next(5), TinyModels.argmax(fork, 2));
      }
      assertEquals(TinyModels.next(3, 4), TinyModels.argmax(loop, 1));
    }
  }

  @Test
  void rowsOfABatchKeepTheirPositions() {
    var tiny = TinyModels.stateful().metadata("transonnx.ragged", "true");
    try (var model = OnnxModel.load(tiny.write(folder));
        var one = TokenLoop.of(model);
        var other = TokenLoop.of(model)) {
      one.feed(1, 2, 3);
      other.feed(4);
      try (var batched = BatchedLoop.of(List.of(one, other), 3).orElseThrow();
          var fork = batched.forkRows(1, 0, 1)) {
        fork.feed(new long[] {7, 8, 9}, new Cancellation());
        var logits = new float[TinyModels.V];
        fork.logits(1, logits);
        assertEquals(1, logits[(int) TinyModels.next(1, 2, 3, 8)]);
        fork.logits(2, logits);
        assertEquals(1, logits[(int) TinyModels.next(4, 9)]);
        assertEquals(3, fork.batch());
      }
    }
  }

  @Test
  void aForkOfALoopThatWasFedNothingBeginsEmpty() {
    try (var model = OnnxModel.load(TinyModels.stateful().write(folder));
        var loop = TokenLoop.of(model);
        var fork = loop.forkRows(0, 0)) {
      fork.feed(1, 2);
      assertEquals(TinyModels.next(2), TinyModels.argmax(fork, 1));
    }
  }

  @Test
  void missingRowsAreRejected() {
    try (var model = OnnxModel.load(TinyModels.stateful().write(folder));
        var loop = TokenLoop.of(model, 2)) {
      loop.feed(1, 2);
      assertThrows(RequestException.class, () -> loop.forkRows());
      assertThrows(RequestException.class, () -> loop.forkRows(0, 2));
      assertThrows(RequestException.class, () -> loop.forkRows(-1));
    }
  }

  @Test
  void theAxisOfTheRowsMayBeAnyOne() {
    var tensor = Tensor.ofLongs(new long[] {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11}, 2, 3, 2);
    var selected = RowSelection.of(tensor, 1, 2, 0);
    assertArrayEquals(new long[] {2, 2, 2}, selected.shape());
    assertArrayEquals(new long[] {4, 5, 0, 1, 10, 11, 6, 7}, selected.longs());
  }
}
