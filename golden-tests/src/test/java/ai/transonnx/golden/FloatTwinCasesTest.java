package ai.transonnx.golden;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.transonnx.architecture.GraphRequest;
import ai.transonnx.format.ElementType;
import ai.transonnx.graph.EmitOptions;
import ai.transonnx.graph.Precision;
import ai.transonnx.graph.Target;
import ai.transonnx.runtime.Tensor;
import ai.transonnx.verification.CaseChecks;
import ai.transonnx.verification.CaseFolder;
import ai.transonnx.verification.CaseTests;
import ai.transonnx.verification.internal.call.CallModel;
import ai.transonnx.verification.internal.call.CallPlan;
import ai.transonnx.verification.internal.call.MadeSets;
import ai.transonnx.verification.internal.call.PlannedCall;
import ai.transonnx.verification.internal.graph.ModelFile;
import ai.transonnx.verification.internal.run.AgreementReference;
import ai.transonnx.verification.internal.truth.TruthReference;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** The twin of a float32 file computes the same values as a float64 export of the same weights. */
class FloatTwinCasesTest {
  private static final Path CASES = Path.of("cases");

  /** Relative to the largest element: the files have constants with the precision of float32. */
  private static final double TOLERANCE = 5e-7;

  @TempDir private Path folder;

  @TestFactory
  Stream<DynamicTest> twinsOfEveryClass() {
    return CaseTests.firstOfEachClass(CASES).stream().map(path -> test(path, EmitOptions.STANDARD));
  }

  @TestFactory
  @Tag("slow")
  Stream<DynamicTest> twinsOfEveryThirdCase() {
    return CaseTests.sample(CASES, 3).stream().map(path -> test(path, EmitOptions.STANDARD));
  }

  @TestFactory
  @Tag("slow")
  Stream<DynamicTest> twinsForOnnxRuntimeAtTheOldestOpset() {
    var emit = EmitOptions.STANDARD.withOpset(17).withTarget(Target.ONNXRUNTIME);
    return CaseTests.sample(CASES).stream().map(path -> test(path, emit));
  }

  private DynamicTest test(Path path, EmitOptions emit) {
    var golden = CaseFolder.read(path);
    return DynamicTest.dynamicTest(
        golden.name(),
        () -> {
          for (var request : requests(golden)) {
            assertSame(golden, request.toBuilder().emit(emit).build());
          }
        });
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

  private void assertSame(CaseFolder golden, GraphRequest request) {
    var file = folder.resolve("float32.onnx");
    var exactFile = folder.resolve("float64.onnx");
    var exactEmit = request.emit().withPrecision(Precision.FLOAT64);
    golden.export(request, file);
    golden.export(request.toBuilder().emit(exactEmit).build(), exactFile);
    var model = ModelFile.read(file);
    var facts = CallModel.of(model);
    var calls = CallPlan.of(facts, MadeSets.of(facts, 1));
    var exactCalls = calls.stream().map(FloatTwinCasesTest::exact).toList();
    var exactFacts = CallModel.of(ModelFile.read(exactFile));
    try (var twin = TruthReference.open(model, facts, calls, 1);
        var exact = AgreementReference.open(exactFile, exactFacts, exactCalls, "")) {
      for (int i = 0; i < calls.size(); i++) {
        assertSame(exact.run(exactCalls.get(i)).outputs(), twin.run(calls.get(i)).outputs());
      }
    }
  }

  private static PlannedCall exact(PlannedCall call) {
    var inputs = new HashMap<String, Tensor>();
    call.inputs()
        .forEach(
            (name, tensor) ->
                inputs.put(
                    name,
                    tensor.type().isFloatingPoint() ? tensor.as(ElementType.FLOAT64) : tensor));
    return new PlannedCall(call.name(), inputs, call.state(), call.batch(), Map.of());
  }

  private static void assertSame(Map<String, Tensor> expected, Map<String, Tensor> actual) {
    expected.forEach(
        (name, wanted) -> {
          var found = Objects.requireNonNull(actual.get(name));
          assertArrayEquals(wanted.shape(), found.shape(), name);
          if (wanted.type() == ElementType.FLOAT64) {
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
