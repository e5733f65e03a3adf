package ai.transonnx.golden;

import static org.junit.jupiter.api.Assertions.assertNotNull;

import ai.transonnx.architecture.GraphRequest;
import ai.transonnx.graph.EmitOptions;
import ai.transonnx.graph.Quantization;
import ai.transonnx.graph.QuantizedType;
import ai.transonnx.graph.Target;
import ai.transonnx.verification.CaseChecks;
import ai.transonnx.verification.CaseFolder;
import ai.transonnx.verification.CaseTests;
import ai.transonnx.verification.ModelVerification;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Quantized files of every class are right in every runtime that is installed. */
class QuantizedClassesTest {
  private static final Path CASES = Path.of("cases");

  @TempDir private Path folder;

  private static EmitOptions emit(QuantizedType type, Target target) {
    return EmitOptions.STANDARD
        .withTarget(target)
        .withQuantization(Quantization.of(type).withBlock(16));
  }

  private void verify(CaseFolder golden, GraphRequest request, EmitOptions emit, String runtimes) {
    var file = folder.resolve("quantized.onnx");
    golden.export(request.toBuilder().emit(emit).build(), file);
    var report =
        ModelVerification.builder(file).on(runtimes).weights(golden.weights()).build().run();
    report.assertPassed();
    assertNotNull(report.structure());
  }

  /** Runtimes that are not installed are no failure. */
  @Tag("slow")
  @TestFactory
  Stream<DynamicTest> filesOfEveryClassPass() {
    return CaseTests.firstOfEachClass(CASES).stream()
        .flatMap(
            path ->
                Stream.of(Target.PORTABLE, Target.ONNXRUNTIME)
                    .flatMap(target -> filesOf(CaseFolder.read(path), target)));
  }

  private Stream<DynamicTest> filesOf(CaseFolder golden, Target target) {
    var runtimes =
        "cpu:none,cpu:basic,cpu:extended,cpu:all:threads=1,python,node"
            + (target == Target.PORTABLE ? ",onnx-reference" : "");
    var request = request(golden);
    return Stream.of(QuantizedType.values())
        .map(
            type ->
                DynamicTest.dynamicTest(
                    "%s %s %s".formatted(golden.name(), type, target),
                    () -> verify(golden, request, emit(type, target), runtimes)));
  }

  /** The incremental graph, which has all of the whole one's products; the whole one otherwise. */
  private static GraphRequest request(CaseFolder golden) {
    var whole = CaseChecks.request(golden, golden.step(0));
    return golden.architecture().isIncremental(whole)
        ? whole.toBuilder().incremental(true).build()
        : whole;
  }
}
