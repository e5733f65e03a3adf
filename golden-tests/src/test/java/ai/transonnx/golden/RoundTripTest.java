package ai.transonnx.golden;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import ai.transonnx.export.Weights;
import ai.transonnx.format.Dim;
import ai.transonnx.format.ElementType;
import ai.transonnx.format.internal.proto.ModelProto;
import ai.transonnx.format.internal.proto.TensorProto;
import ai.transonnx.graph.Parameter;
import ai.transonnx.verification.CaseChecks;
import ai.transonnx.verification.CaseFolder;
import ai.transonnx.verification.CaseTests;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Weights are read and exported without a changed bit. */
class RoundTripTest {
  private static final Map<String, ElementType> TYPES =
      Map.of(
          "F32", ElementType.FLOAT32,
          "F16", ElementType.FLOAT16,
          "BF16", ElementType.BFLOAT16,
          "I64", ElementType.INT64);

  private static final Path CASES = Path.of("cases");

  @TempDir private Path scratch;

  static Stream<Path> sample() {
    return Stream.concat(
        Stream.of("trained", "references")
            .flatMap(folder -> CaseFolder.below(Path.of(folder)).stream()),
        Stream.concat(CaseTests.sample(CASES).stream(), ReleaseCases.sample()));
  }

  static Stream<Path> others() {
    var sample = Set.copyOf(CaseTests.sample(CASES));
    return Stream.concat(
        CaseFolder.below(CASES).stream().filter(path -> !sample.contains(path)),
        ReleaseCases.others());
  }

  private static Map<String, PlainTensor> plain(Path weights) throws IOException {
    return weights.toString().endsWith(".pdparams")
        ? PlainTensor.paddle(weights)
        : PlainTensor.safetensors(weights);
  }

  @ParameterizedTest
  @MethodSource("sample")
  void weightsAreReadUnchanged(Path path) throws IOException {
    var file = CaseFolder.read(path).weights();
    var expected = plain(file);
    assertFalse(expected.isEmpty());
    try (var weights = Weights.open(file)) {
      assertEquals(expected.keySet(), Set.copyOf(weights.tensors().keySet()));
      expected.forEach(
          (name, tensor) -> {
            var found = Objects.requireNonNull(weights.tensors().get(name));
            assertEquals(TYPES.get(tensor.dtype()), found.elements(), name);
            assertEquals(tensor.shape(), found.shape().dims().stream().map(Dim::size).toList());
            assertEquals(tensor.bytes(), found.content().slice(0, (int) found.byteCount()), name);
          });
    }
  }

  @ParameterizedTest
  @MethodSource("sample")
  void modelsHaveTheWeightsUnchanged(Path path) throws IOException {
    var folder = CaseFolder.read(path);
    assertExported(plain(folder.weights()), folder);
  }

  @Tag("slow")
  @ParameterizedTest
  @MethodSource("others")
  void modelsOfAllCasesHaveTheWeightsUnchanged(Path path) throws IOException {
    weightsAreReadUnchanged(path);
    modelsHaveTheWeightsUnchanged(path);
  }

  /** Float64 is rounded to float32; 16-bit values are represented exactly. */
  @ParameterizedTest
  @MethodSource("ai.transonnx.golden.FormatsTest#files")
  void modelsHaveTheWeightsOfEveryFormat(String name) throws IOException {
    var original = CaseFolder.read(FormatsTest.CASE);
    boolean isHalf = name.startsWith("f16") || name.startsWith("bf16");
    var numbers =
        isHalf
            ? FormatsTest.FORMATS.resolve(name.substring(0, name.indexOf('.')) + ".safetensors")
            : original.weights();
    assertExported(plain(numbers), original.withWeights(FormatsTest.FORMATS.resolve(name)));
  }

  /** Asserts that parameters without a computation are exported unchanged. */
  private void assertExported(Map<String, PlainTensor> weights, CaseFolder folder)
      throws IOException {
    var request = CaseChecks.request(folder, folder.step(0));
    var file = scratch.resolve("model.onnx");
    folder.export(request, file);
    var initializers =
        ModelProto.parseFrom(Files.readAllBytes(file)).getGraph().getInitializerList().stream()
            .collect(Collectors.toMap(TensorProto::getName, Function.identity()));
    var unchanged =
        folder.architecture().build(request).graph().parameters().stream()
            .filter(parameter -> !parameter.isDerived())
            .map(Parameter::name)
            .filter(weights::containsKey)
            .toList();
    assertFalse(unchanged.isEmpty());
    for (var name : unchanged) {
      var tensor = Objects.requireNonNull(weights.get(name));
      var initializer = Objects.requireNonNull(initializers.get(name), name);
      assertEquals(tensor.shape(), initializer.getDimsList(), name);
      assertEquals(TensorProto.DataType.FLOAT_VALUE, initializer.getDataType(), name);
      assertEquals(tensor.asFloat32(), initializer.getRawData().asReadOnlyByteBuffer(), name);
    }
  }
}
