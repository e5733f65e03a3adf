package ai.transonnx.golden;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.transonnx.format.Dim;
import ai.transonnx.graph.AllOutputsModel;
import ai.transonnx.graph.EmitOptions;
import ai.transonnx.graph.Model;
import ai.transonnx.graph.Shape;
import ai.transonnx.graph.Value;
import ai.transonnx.runtime.ModelMetadata;
import ai.transonnx.runtime.ModelOptions;
import ai.transonnx.runtime.Outputs;
import ai.transonnx.runtime.Tensor;
import ai.transonnx.verification.CaseChecks;
import ai.transonnx.verification.CaseFolder;
import ai.transonnx.verification.CaseModel;
import ai.transonnx.verification.CaseTests;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Compares the dimensions that graphs infer with the sizes at run time. Graphs rely on equal
 * dimensions having equal sizes.
 */
class SizesTest {
  private static final Path CASES = Path.of("cases");
  private static final ModelOptions ONE_THREAD = ModelOptions.builder().threads(1).build();

  @TestFactory
  Stream<DynamicTest> equalDimensionsOfASampleHaveEqualSizes(@TempDir Path scratch) {
    return tests(CaseTests.sample(CASES), scratch);
  }

  @Tag("slow")
  @TestFactory
  Stream<DynamicTest> equalDimensionsHaveEqualSizes(@TempDir Path scratch) {
    return tests(CaseFolder.below(CASES), scratch);
  }

  private static Stream<DynamicTest> tests(List<Path> cases, Path scratch) {
    return cases.stream()
        .map(CaseFolder::read)
        .map(
            folder ->
                DynamicTest.dynamicTest(
                    folder.name(),
                    () -> check(folder, scratch.resolve(folder.name().replace('/', '-')))));
  }

  private static void check(CaseFolder folder, Path scratch) throws Exception {
    assertTrue(scratch.toFile().mkdirs());
    Queue<Model> exported = new ArrayDeque<>();
    CaseModel.Loader loader =
        file -> {
          var model = CaseChecks.loader(ONE_THREAD).load(file);
          return new MeasuredModel(model, exported.remove());
        };
    UnaryOperator<Model> rewrite =
        model -> {
          exported.add(model);
          return AllOutputsModel.of(model);
        };
    try (var checks = new CaseChecks(folder, scratch, loader, EmitOptions.STANDARD, rewrite)) {
      for (var check : checks.all()) {
        assertTrue(check.run().agrees(), check.name());
      }
    }
  }

  /**
   * A model that measures all of its values in each run.
   *
   * @param model has every value as an output
   * @param graph has the original outputs
   */
  private record MeasuredModel(CaseModel model, Model graph) implements CaseModel {
    @Override
    public Outputs run(Map<String, Tensor> inputs) {
      var outputs = new LinkedHashMap<>(model.run(inputs).asMap());
      var sizes = new HashMap<Dim, Long>();
      for (var input : graph.graph().inputs()) {
        measure(input.name(), input.shape(), inputs, sizes);
      }
      for (var output : AllOutputsModel.of(graph).graph().outputs()) {
        measure(output.name(), output.shape(), outputs, sizes);
      }
      outputs.keySet().retainAll(graph.graph().outputs().stream().map(Value::name).toList());
      return Outputs.of(outputs);
    }

    private static void measure(
        String name, Shape shape, Map<String, Tensor> values, Map<Dim, Long> sizes) {
      long[] actual = Objects.requireNonNull(values.get(name)).shape();
      assertEquals(shape.rank(), actual.length, name);
      for (int axis = 0; axis < actual.length; axis++) {
        var dim = shape.dim(axis);
        long size = actual[axis];
        long expected = dim.isFixed() ? dim.size() : sizes.computeIfAbsent(dim, any -> size);
        assertEquals(expected, size, "%s %s, axis %s".formatted(name, shape, axis));
      }
    }

    @Override
    public ModelMetadata metadata() {
      return model.metadata();
    }

    @Override
    public List<String> inputs() {
      return model.inputs();
    }

    @Override
    public boolean hasSameLength(String input, String other) {
      return model.hasSameLength(input, other);
    }

    @Override
    public long[][] continueGreedily(long[][] prompts, Map<String, Tensor> others, int length) {
      return model.continueGreedily(prompts, others, length);
    }

    @Override
    public void close() {
      model.close();
    }
  }
}
