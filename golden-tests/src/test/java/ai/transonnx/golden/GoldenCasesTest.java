package ai.transonnx.golden;

import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.transonnx.architecture.GraphRequest;
import ai.transonnx.graph.ModelBuilder;
import ai.transonnx.graph.Target;
import ai.transonnx.runtime.OnnxModel;
import java.nio.file.Path;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Every golden case and every trained model, step by step. */
class GoldenCasesTest {
  @TestFactory
  Stream<DynamicContainer> cases(@TempDir Path scratch) {
    return below("cases", scratch);
  }

  /** All of them again, lowered to the oldest operators. */
  @TestFactory
  Stream<DynamicContainer> casesAtTheOldestOpset(@TempDir Path scratch) {
    return CaseFolder.below(Path.of("cases")).stream()
        .map(path -> container(path, scratch, r -> r.withOpset(ModelBuilder.MIN_OPSET)));
  }

  /** Every case as it is made for ONNX Runtime. */
  @TestFactory
  Stream<DynamicContainer> casesForOnnxRuntime(@TempDir Path scratch) {
    return CaseFolder.below(Path.of("cases")).stream()
        .map(path -> container(path, scratch, r -> r.withTarget(Target.ONNXRUNTIME)));
  }

  /** Cases that no library has recorded: its formulas, computed apart from this project. */
  @TestFactory
  Stream<DynamicContainer> references(@TempDir Path scratch) {
    return below("references", scratch);
  }

  @TestFactory
  Stream<DynamicContainer> trainedModels(@TempDir Path scratch) {
    return below("trained", scratch);
  }

  /** Every case and trained model, loaded and run by the Deep Java Library. */
  @TestFactory
  Stream<DynamicContainer> casesInDjl(@TempDir Path scratch) {
    return Stream.of("cases", "trained")
        .flatMap(folder -> CaseFolder.below(Path.of(folder)).stream())
        .map(path -> container(path, scratch, DjlCaseModel::load, UnaryOperator.identity()));
  }

  private Stream<DynamicContainer> below(String folder, Path scratch) {
    return CaseFolder.below(Path.of(folder)).stream()
        .map(path -> container(path, scratch, UnaryOperator.identity()));
  }

  private DynamicContainer container(Path path, Path scratch, UnaryOperator<GraphRequest> shape) {
    return container(path, scratch, file -> new NativeCaseModel(OnnxModel.load(file)), shape);
  }

  private DynamicContainer container(
      Path path, Path scratch, CaseModel.Loader loader, UnaryOperator<GraphRequest> shape) {
    var folder = CaseFolder.read(path);
    var own = scratch.resolve(folder.name().replace('/', '-'));
    assertTrue(own.toFile().mkdirs());
    var checks = new CaseChecks(folder, own, loader, shape);
    return DynamicContainer.dynamicContainer(
        folder.name(), checks.all().stream().map(GoldenCasesTest::test).onClose(checks::close));
  }

  private static DynamicTest test(Check check) {
    return DynamicTest.dynamicTest(
        check.name(),
        () -> {
          var comparison = check.run();
          assertTrue(comparison.agrees(), comparison.description());
        });
  }
}
