package ai.transonnx.verification.internal.runner;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.transonnx.export.ExportRequest;
import ai.transonnx.export.Exporter;
import ai.transonnx.export.Weights;
import ai.transonnx.export.internal.weights.TestWeights;
import ai.transonnx.format.Dim;
import ai.transonnx.format.ElementType;
import ai.transonnx.graph.EmitOptions;
import ai.transonnx.graph.ModelBuilder;
import ai.transonnx.graph.Shape;
import ai.transonnx.graph.TensorType;
import ai.transonnx.op.Scope;
import ai.transonnx.runtime.Tensor;
import ai.transonnx.verification.CaseChecks;
import ai.transonnx.verification.CaseFolder;
import ai.transonnx.verification.Comparison;
import ai.transonnx.verification.Recording;
import ai.transonnx.verification.runner.ModelRunner;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/** Models that every runtime must compute. */
final class SmallModels {
  private static final Path GOLDEN = Path.of("../golden-tests/cases/token-shift-gpt/base");

  private SmallModels() {}

  /** Exports a golden case, runs it, and compares its outputs with the recorded ones. */
  static void assertComputesGoldenCase(ModelRunner runner, Path folder) {
    assertComputesGoldenCase(runner, EmitOptions.STANDARD, folder);
  }

  static void assertComputesGoldenCase(ModelRunner runner, EmitOptions emit, Path folder) {
    var golden = CaseFolder.read(GOLDEN);
    var step = golden.step(0);
    var file = folder.resolve("golden.onnx");
    golden.export(CaseChecks.request(golden, step).toBuilder().emit(emit).build(), file);
    try (var recording = Recording.open(golden.tensors());
        var model = runner.load(file)) {
      var outputs = model.run(recording.inputs(step), Set.copyOf(step.outputs()));
      recording
          .outputs(step)
          .forEach(
              (name, expected) -> {
                var comparison =
                    Comparison.of(name, expected, Objects.requireNonNull(outputs.get(name)));
                assertTrue(comparison.agrees(), comparison.description());
              });
    }
  }

  /** Returns each input, {@code in_TYPE [n]}, as output {@code out_TYPE}. */
  static Path identity(Path folder, List<ElementType> types) {
    var model = new ModelBuilder("identity", EmitOptions.STANDARD.withOpset(17));
    var s = Scope.of(model.graph());
    for (var type : types) {
      var shape = Shape.of(Dim.of(2), Dim.of("n"));
      var input = model.graph().input("in_" + type, new TensorType(type, shape));
      model.output("out_" + type, s.copy(input));
    }
    var file = folder.resolve("identity.onnx");
    var weights = new TestWeights().write(folder.resolve("none.safetensors"));
    try (var opened = Weights.open(weights)) {
      Exporter.export(ExportRequest.builder(model.build(), opened, file).build());
    }
    return file;
  }

  /** The inputs of {@link #identity}: ones and zeros. */
  static Map<String, Tensor> inputs(List<ElementType> types) {
    var inputs = new LinkedHashMap<String, Tensor>();
    for (var type : types) {
      inputs.put("in_" + type, bits(type));
    }
    return inputs;
  }

  /** A tensor {@code [2, 3]} whose last element is 1 as an integer, and the others are 0. */
  private static Tensor bits(ElementType type) {
    var data = ByteBuffer.allocateDirect(6 * type.bytes());
    data.put(5 * type.bytes(), (byte) 1);
    return Tensor.of(type, data, 2, 3);
  }

  /** Runs {@link #identity} and compares the bytes of each output with those of its input. */
  static void assertPasses(ModelRunner runner, Path folder, List<ElementType> types) {
    var inputs = inputs(types);
    var names = new TreeSet<String>();
    types.forEach(type -> names.add("out_" + type));
    try (var model = runner.load(identity(folder, types))) {
      var outputs = model.run(inputs, names);
      assertEquals(names, new TreeSet<>(outputs.keySet()));
      for (var type : types) {
        var expected = Objects.requireNonNull(inputs.get("in_" + type));
        var actual = Objects.requireNonNull(outputs.get("out_" + type));
        assertEquals(expected.toString(), actual.toString());
        assertEquals(expected.data(), actual.data(), type.toString());
      }
    }
  }
}
