package ai.transonnx.verification.internal.runner;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.transonnx.format.ElementType;
import ai.transonnx.format.internal.proto.GraphProto;
import ai.transonnx.format.internal.proto.ModelProto;
import ai.transonnx.format.internal.proto.TypeProto;
import ai.transonnx.format.internal.proto.ValueInfoProto;
import ai.transonnx.graph.EmitOptions;
import ai.transonnx.runtime.Tensor;
import ai.transonnx.verification.CaseChecks;
import ai.transonnx.verification.CaseFolder;
import ai.transonnx.verification.Comparison;
import ai.transonnx.verification.Recording;
import ai.transonnx.verification.runner.ModelRunner;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/** Models that every runtime must compute. */
public final class SmallModels {
  private static final Path CASES = Path.of("../golden-tests/cases");

  private SmallModels() {}

  /** A model with a function that is part of its file. */
  public static void assertComputesGoldenCase(ModelRunner runner, Path folder) {
    assertComputes(runner, "token-shift-gpt/base", EmitOptions.STANDARD, folder);
  }

  /** Exports a golden case, runs it, and compares its outputs with the recorded ones. */
  public static void assertComputes(
      ModelRunner runner, String goldenCase, EmitOptions emit, Path folder) {
    var golden = CaseFolder.read(CASES.resolve(goldenCase));
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

  /** A model that returns each input {@code in_TYPE [2, n]} as output {@code out_TYPE}. */
  public static Path identity(Path folder, List<ElementType> types) throws IOException {
    var graph = GraphProto.newBuilder().setName("identity");
    for (var type : types) {
      graph.addInput(value("in_" + type, type)).addOutput(value("out_" + type, type));
      graph.addNodeBuilder().setOpType("Identity").addInput("in_" + type).addOutput("out_" + type);
    }
    var model = ModelProto.newBuilder().setIrVersion(8).setGraph(graph);
    model.addOpsetImportBuilder().setVersion(17);
    return Files.write(folder.resolve("identity.onnx"), model.build().toByteArray());
  }

  private static ValueInfoProto value(String name, ElementType type) {
    var tensor = TypeProto.Tensor.newBuilder().setElemType(type.onnxNumber());
    tensor.getShapeBuilder().addDimBuilder().setDimValue(2);
    tensor.getShapeBuilder().addDimBuilder().setDimParam("n");
    return ValueInfoProto.newBuilder()
        .setName(name)
        .setType(TypeProto.newBuilder().setTensorType(tensor))
        .build();
  }

  /** The inputs of {@link #identity}: ones and zeros. */
  public static Map<String, Tensor> inputs(List<ElementType> types) {
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
  public static void assertPasses(ModelRunner runner, Path folder, List<ElementType> types)
      throws IOException {
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
