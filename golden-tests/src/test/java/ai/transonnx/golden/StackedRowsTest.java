package ai.transonnx.golden;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.transonnx.architecture.GraphRequest;
import ai.transonnx.runtime.Cancellation;
import ai.transonnx.runtime.Dim;
import ai.transonnx.runtime.ElementType;
import ai.transonnx.runtime.OnnxModel;
import ai.transonnx.runtime.StackedLoop;
import ai.transonnx.runtime.Tensor;
import ai.transonnx.runtime.TensorSpec;
import ai.transonnx.runtime.TokenLoop;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Rows at different positions side by side, of every golden case that generates tokens with a
 * state: each is as it is alone.
 */
class StackedRowsTest {
  private static final int STEPS = 5;

  private final Random random = new Random(29);

  @TestFactory
  Stream<DynamicTest> rowsAreAsAlone(@TempDir Path scratch) {
    return CaseFolder.below(Path.of("cases")).stream()
        .map(CaseFolder::read)
        .filter(StackedRowsTest::isOfTokensWithState)
        .map(
            folder ->
                DynamicTest.dynamicTest(
                    folder.name(), () -> check(folder, scratch.resolve("model.onnx"))));
  }

  private static boolean isOfTokensWithState(CaseFolder folder) {
    var request = request(folder);
    return folder.architecture().isIncremental(request)
        && folder.architecture().build(request).graph().outputs().stream()
            .anyMatch(output -> output.name().equals("logits"));
  }

  private static GraphRequest request(CaseFolder folder) {
    return folder.architecture().generation().withIncremental(true);
  }

  private void check(CaseFolder folder, Path file) {
    folder.export(request(folder), file);
    try (var model = OnnxModel.load(file)) {
      int window = model.metadata().longestCall();
      int steps = Math.min(STEPS, window - 1);
      int longest = window - steps;
      var lengths = Stream.of(7, 1, 4).map(n -> Math.min(n, longest)).toList();
      var alone = new ArrayList<TokenLoop>();
      try {
        for (int length : lengths) {
          var loop = new TokenLoop(model, 1, given(model));
          alone.add(loop);
          loop.feed(tokens(model, length));
        }
        var stacked = StackedLoop.of(alone, steps);
        assertEquals(model.metadata().ragged(), stacked.isPresent());
        if (stacked.isPresent()) {
          assertAsAlone(stacked.get(), model, alone, steps);
        }
      } finally {
        alone.forEach(TokenLoop::close);
      }
    }
  }

  private void assertAsAlone(
      StackedLoop stacked, OnnxModel model, List<TokenLoop> alone, int steps) {
    try (stacked) {
      for (int step = 0; step < steps; step++) {
        for (int row = 0; row < alone.size(); row++) {
          var expected = new float[stacked.vocabulary()];
          var actual = new float[stacked.vocabulary()];
          alone.get(row).logits(0, expected);
          stacked.logits(row, actual);
          var comparison = Comparison.of("logits", tensor(expected), tensor(actual));
          assertTrue(
              comparison.agrees(),
              "row %d, step %d: %s".formatted(row, step, comparison.description()));
          if (step == 0) {
            assertArrayEquals(expected, actual);
          }
        }
        long[] next = tokens(model, alone.size());
        stacked.feed(next, new Cancellation());
        for (int row = 0; row < alone.size(); row++) {
          alone.get(row).feed(next[row]);
          assertFalse(alone.get(row).recomputing().isPresent());
        }
      }
    }
  }

  private static Tensor tensor(float[] values) {
    return Tensor.ofFloats(values, 1, values.length);
  }

  private long[] tokens(OnnxModel model, int count) {
    return random.longs(count, 0, model.vocabulary().orElseThrow()).toArray();
  }

  /** What the model takes besides tokens and state, the same of each row. */
  private Map<String, Tensor> given(OnnxModel model) {
    var given = new TreeMap<String, Tensor>();
    var others = new TreeMap<>(model.signature().inputs());
    others.keySet().removeAll(Set.of("tokens", "tgt")); // what grows
    model.metadata().state().forEach(pair -> others.remove(pair.input()));
    others.values().forEach(spec -> given.put(spec.name(), value(spec)));
    return given;
  }

  private Tensor value(TensorSpec spec) {
    long[] shape =
        spec.dims().stream()
            .mapToLong(
                dim ->
                    dim instanceof Dim.Fixed fixed
                        ? fixed.size()
                        : dim.equals(spec.dims().get(0)) ? 1 : 3)
            .toArray();
    var tensor = Tensor.zeros(spec.type(), shape);
    if (spec.type() != ElementType.FLOAT32) {
      return tensor;
    }
    var values = new float[tensor.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return Tensor.ofFloats(values, shape);
  }
}
