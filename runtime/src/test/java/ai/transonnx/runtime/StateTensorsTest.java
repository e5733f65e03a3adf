package ai.transonnx.runtime;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import ai.onnxruntime.OnnxTensor;
import ai.transonnx.format.Dim;
import ai.transonnx.format.ElementType;
import ai.transonnx.format.StateRole;
import ai.transonnx.format.StateTensor;
import java.util.AbstractList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class StateTensorsTest {
  private static final List<StateTensor> PAIRS =
      List.of(pair("past_sum", "present_sum"), pair("past_count", "present_count"));

  private static StateTensor pair(String input, String output) {
    List<Dim> row = List.of(StateTensor.BATCH, Dim.of(1));
    return new StateTensor(input, output, ElementType.INT64, row, row, StateRole.RECURRENT);
  }

  /** A list whose second tensor cannot be allocated. */
  private static final class Half extends AbstractList<Tensor> {
    @Override
    public Tensor get(int i) {
      if (i > 0) {
        throw new OutOfMemoryError("as if there were no more");
      }
      return number(9);
    }

    @Override
    public int size() {
      return PAIRS.size();
    }
  }

  private static Tensor number(long value) {
    return Tensor.ofLongs(new long[] {value}, 1, 1);
  }

  private static void assertNumbers(StateTensors state, long... expected) {
    assertArrayEquals(
        expected, state.copy().stream().mapToLong(tensor -> tensor.longs()[0]).toArray());
  }

  @Test
  void aRestoreThatFailsHalfwayChangesNothing() {
    try (var state = new StateTensors(NativeEnvironment.get(), PAIRS, 1, 0, Optional.empty())) {
      assertThrows(OutOfMemoryError.class, () -> state.restore(new Half()));
      assertNumbers(state, 0, 0);
      state.restore(List.of(number(3), number(4)));
      assertThrows(OutOfMemoryError.class, () -> state.restore(new Half()));
      assertNumbers(state, 3, 4);
    }
  }

  @Test
  void aCheckpointLastsUntilItIsCommitted() {
    try (var state = new StateTensors(NativeEnvironment.get(), PAIRS, 1, 0, Optional.empty())) {
      state.restore(List.of(number(3), number(4)));
      state.checkpoint();
      state.restore(List.of(number(5), number(6)));
      state.checkpoint();
      state.restore(List.of(number(7), number(8)));
      state.rollback();
      assertNumbers(state, 3, 4);
      state.rollback();
      assertNumbers(state, 3, 4);
      state.checkpoint();
      state.restore(List.of(number(5), number(6)));
      state.commit();
      state.rollback();
      assertNumbers(state, 5, 6);
    }
  }

  @Test
  void aCallWritesToTheTensorsBeforeTheCurrentOnes() {
    try (var state = new StateTensors(NativeEnvironment.get(), PAIRS, 1, 0, Optional.empty())) {
      state.restore(List.of(number(3), number(4)));
      assertEquals(Set.of(), written(state));
      state.restore(List.of(number(5), number(6)));
      assertEquals(Set.of("present_sum", "present_count"), written(state));
      assertNumbers(state, 5, 6);
    }
  }

  @Test
  void aCallDoesNotWriteToTheCheckpoint() {
    try (var state = new StateTensors(NativeEnvironment.get(), PAIRS, 1, 0, Optional.empty())) {
      state.restore(List.of(number(3), number(4)));
      state.checkpoint();
      state.restore(List.of(number(5), number(6)));
      assertEquals(Set.of(), written(state));
      state.commit();
      assertEquals(Set.of("present_sum", "present_count"), written(state));
    }
  }

  /** The outputs of the next call for which there are tensors. */
  private static Set<String> written(StateTensors state) {
    var pinned = new HashMap<String, OnnxTensor>();
    state.bind(new HashMap<>(), new HashSet<>(), pinned, 1, false);
    return pinned.keySet();
  }
}
