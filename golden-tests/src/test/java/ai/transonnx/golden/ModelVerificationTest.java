package ai.transonnx.golden;

import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.transonnx.architecture.GraphRequest;
import ai.transonnx.graph.EmitOptions;
import ai.transonnx.graph.Precision;
import ai.transonnx.graph.Target;
import ai.transonnx.verification.CaseChecks;
import ai.transonnx.verification.CaseFolder;
import ai.transonnx.verification.CaseTests;
import ai.transonnx.verification.ModelVerification;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Files of every class pass their verification with made inputs. */
class ModelVerificationTest {
  private static final Path CASES = Path.of("cases");

  @TempDir private Path folder;

  /** The graph of a case's first step, and the incremental one of its class. */
  private static Set<GraphRequest> requests(CaseFolder golden) {
    var requests = new LinkedHashSet<GraphRequest>();
    var first = CaseChecks.request(golden, golden.step(0));
    requests.add(first);
    if (golden.architecture().isIncremental(first)) {
      requests.add(first.toBuilder().incremental(true).build());
    }
    return requests;
  }

  @TestFactory
  Stream<DynamicTest> aFileOfEveryLibraryPasses() {
    var libraries = new HashSet<Path>();
    var cases =
        CaseTests.firstOfEachClass(CASES).stream()
            .filter(path -> libraries.add(path.getParent()))
            .toList();
    return tests(cases, "cpu:all:threads=1");
  }

  @Tag("slow")
  @TestFactory
  Stream<DynamicTest> filesOfEveryClassPassAtEveryLevelAndWithSeveralThreads() {
    return tests(
        CaseTests.sample(CASES),
        "cpu:none:threads=1,cpu:basic:threads=1,cpu:extended:threads=2,cpu:all:threads=2");
  }

  @Test
  void logitsOfTheLastPositionAreComparedWithThoseRecorded() {
    var golden = CaseFolder.read(CASES.resolve("x-transformers/decoder"));
    var request = CaseChecks.request(golden, golden.step(0));
    var file = folder.resolve("last.onnx");
    golden.export(request.toBuilder().lastLogits(true).build(), file);
    var report =
        ModelVerification.builder(file)
            .on("cpu:all:threads=1")
            .caseFolder(CASES.resolve("x-transformers/decoder"))
            .build()
            .run();
    report.assertPassed();
    assertTrue(
        report.runners().get(0).calls().get(0).tensors().stream()
            .anyMatch(tensor -> tensor.name().equals("logits (recorded)")));
  }

  @Test
  void aFloat16FileForOnnxRuntimePassesAtTheRoundingsOfFloat16() {
    var golden = CaseFolder.read(CASES.resolve("x-transformers/logits-dim"));
    var request =
        CaseChecks.request(golden, golden.step(0)).toBuilder()
            .emit(
                EmitOptions.STANDARD
                    .withPrecision(Precision.FLOAT16)
                    .withTarget(Target.ONNXRUNTIME))
            .build();
    var file = folder.resolve("half.onnx");
    golden.export(request, file);
    ModelVerification.builder(file).on("cpu:all:threads=1").build().run().assertPassed();
  }

  private Stream<DynamicTest> tests(List<Path> cases, String runtimes) {
    return cases.stream()
        .map(CaseFolder::read)
        .map(
            golden -> DynamicTest.dynamicTest(golden.name(), () -> assertPasses(golden, runtimes)));
  }

  private void assertPasses(CaseFolder golden, String runtimes) {
    for (var request : requests(golden)) {
      var file = folder.resolve("%s.onnx".formatted(request.incremental()));
      golden.export(request, file);
      ModelVerification.builder(file).on(runtimes).build().run().assertPassed();
    }
  }
}
