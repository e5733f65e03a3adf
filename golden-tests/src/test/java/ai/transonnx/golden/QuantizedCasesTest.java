package ai.transonnx.golden;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.transonnx.architecture.GraphRequest;
import ai.transonnx.graph.EmitOptions;
import ai.transonnx.graph.Quantization;
import ai.transonnx.graph.QuantizedType;
import ai.transonnx.graph.Target;
import ai.transonnx.runtime.ModelOptions;
import ai.transonnx.runtime.OnnxModel;
import ai.transonnx.runtime.Tensor;
import ai.transonnx.verification.CaseChecks;
import ai.transonnx.verification.CaseFolder;
import ai.transonnx.verification.CaseTests;
import ai.transonnx.verification.internal.call.CallModel;
import ai.transonnx.verification.internal.call.CallPlan;
import ai.transonnx.verification.internal.call.MadeSets;
import ai.transonnx.verification.internal.graph.ModelFile;
import ai.transonnx.verification.internal.run.AgreementReference;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * A quantized file computes what a float32 file with the same weights computes, portable and with
 * ONNX Runtime's operators. Sums of products differ by roundings.
 */
class QuantizedCasesTest {
  private static final Path CASES = Path.of("cases");
  private static final int BLOCK = 16;

  /** Relative to the largest element. */
  private static final double TOLERANCE = 1e-5;

  @TempDir private Path folder;

  @TestFactory
  Stream<DynamicTest> portableInt4() {
    return tests(CaseTests.firstOfEachClass(CASES).stream(), emit(QuantizedType.INT4));
  }

  @TestFactory
  @Tag("slow")
  Stream<DynamicTest> onnxRuntimeInt4() {
    var emit = emit(QuantizedType.INT4).withTarget(Target.ONNXRUNTIME).withOpset(17);
    return tests(CaseTests.firstOfEachClass(CASES).stream(), emit);
  }

  @TestFactory
  @Tag("slow")
  Stream<DynamicTest> portableInt8InAllCases() {
    var emit = emit(QuantizedType.INT8).withOpset(EmitOptions.MIN_QUANTIZED_OPSET);
    return tests(CaseFolder.below(CASES).stream(), emit);
  }

  @TestFactory
  @Tag("slow")
  Stream<DynamicTest> portableInt4InAllCases() {
    return tests(CaseFolder.below(CASES).stream(), emit(QuantizedType.INT4));
  }

  @TestFactory
  @Tag("slow")
  Stream<DynamicTest> onnxRuntimeInt8() {
    return tests(
        CaseTests.sample(CASES).stream(), emit(QuantizedType.INT8).withTarget(Target.ONNXRUNTIME));
  }

  @TestFactory
  Stream<DynamicTest> zeroPoints() {
    var portable = withZeroPoints(QuantizedType.INT4);
    return Stream.of(portable, portable.withTarget(Target.ONNXRUNTIME))
        .flatMap(emit -> tests(CaseTests.firstOfEachClass(CASES).stream().limit(3), emit));
  }

  @TestFactory
  @Tag("slow")
  Stream<DynamicTest> zeroPointsInEachClass() {
    return Stream.of(QuantizedType.values())
        .map(QuantizedCasesTest::withZeroPoints)
        .flatMap(emit -> Stream.of(emit, emit.withTarget(Target.ONNXRUNTIME)))
        .flatMap(emit -> tests(CaseTests.firstOfEachClass(CASES).stream(), emit));
  }

  private static EmitOptions withZeroPoints(QuantizedType type) {
    return EmitOptions.STANDARD.withQuantization(
        Quantization.of(type).withBlock(BLOCK).withAccuracyLevel(1).withZeroPoints());
  }

  private static EmitOptions emit(QuantizedType type) {
    return EmitOptions.STANDARD.withQuantization(
        Quantization.of(type).withBlock(BLOCK).withAccuracyLevel(1));
  }

  private Stream<DynamicTest> tests(Stream<Path> cases, EmitOptions emit) {
    return cases
        .map(CaseFolder::read)
        .map(golden -> DynamicTest.dynamicTest(golden.name(), () -> assertSame(golden, emit)));
  }

  private void assertSame(CaseFolder golden, EmitOptions emit) throws IOException {
    for (var request : requests(golden)) {
      assertSame(golden, request.toBuilder().emit(emit).build());
    }
  }

  private static Set<GraphRequest> requests(CaseFolder golden) {
    var requests = new LinkedHashSet<GraphRequest>();
    var first = CaseChecks.request(golden, golden.step(0));
    requests.add(first);
    if (golden.architecture().isIncremental(first)) {
      requests.add(first.toBuilder().incremental(true).build());
    }
    return requests;
  }

  private void assertSame(CaseFolder golden, GraphRequest request) throws IOException {
    var plain = folder.resolve("plain.onnx");
    var quantized = folder.resolve("quantized.onnx");
    var dequantized = folder.resolve("dequantized.onnx");
    var emit = request.emit();
    var plainEmit = new EmitOptions(emit.opset(), emit.target(), emit.precision());
    golden.export(request.toBuilder().emit(plainEmit).build(), plain);
    golden.export(request, quantized);
    int count = DequantizedWeights.apply(plain, quantized, dequantized, BLOCK);
    assertTrue(count > 0);
    // Optimizations of ONNX Runtime that join nodes can also fail.
    OnnxModel.load(quantized, ModelOptions.builder().threads(1).build()).close();
    var model = ModelFile.read(dequantized);
    var facts = CallModel.of(model);
    var calls = CallPlan.of(facts, MadeSets.of(facts, 1));
    try (var expected = AgreementReference.open(dequantized, facts, calls, "");
        var actual = AgreementReference.open(quantized, facts, calls, "")) {
      for (var call : calls) {
        assertSame(expected.run(call).outputs(), actual.run(call).outputs());
      }
    }
  }

  private static void assertSame(Map<String, Tensor> expected, Map<String, Tensor> actual) {
    assertEquals(expected.keySet(), actual.keySet());
    expected.forEach(
        (name, wanted) -> {
          var found = Objects.requireNonNull(actual.get(name));
          assertArrayEquals(wanted.shape(), found.shape(), name);
          if (wanted.type().isFloatingPoint()) {
            assertClose(name, wanted.doubles(), found.doubles());
          } else {
            assertTrue(wanted.data().equals(found.data()), name);
          }
        });
  }

  private static void assertClose(String name, double[] wanted, double[] found) {
    double magnitude = 1;
    for (double value : wanted) {
      magnitude = Double.isFinite(value) ? Math.max(magnitude, Math.abs(value)) : magnitude;
    }
    assertArrayEquals(wanted, found, TOLERANCE * magnitude, name);
  }
}
