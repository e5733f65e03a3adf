package ai.transonnx.golden;

import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.transonnx.graph.Dialect;
import ai.transonnx.graph.Model;
import ai.transonnx.graph.Precision;
import ai.transonnx.graph.RoundedModel;
import ai.transonnx.graph.Target;
import ai.transonnx.runtime.ModelOptions;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Every golden case and every trained model, step by step. */
class GoldenCasesTest {
  private static final CaseModel.Loader NATIVE = CaseChecks.loader(ModelOptions.defaults());

  @TestFactory
  Stream<DynamicContainer> cases(@TempDir Path scratch) {
    return below("cases", scratch);
  }

  /** All of them again, lowered to the oldest operators. */
  @TestFactory
  Stream<DynamicContainer> casesAtTheOldestOpset(@TempDir Path scratch) {
    return CaseFolder.below(Path.of("cases")).stream()
        .map(path -> container(path, scratch, Dialect.STANDARD.withOpset(Dialect.MIN_OPSET)));
  }

  /** Every case as it is made for ONNX Runtime. */
  @TestFactory
  Stream<DynamicContainer> casesForOnnxRuntime(@TempDir Path scratch) {
    return CaseFolder.below(Path.of("cases")).stream()
        .map(path -> container(path, scratch, Dialect.STANDARD.withTarget(Target.ONNXRUNTIME)));
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
        .map(path -> inDjl(path, scratch, Dialect.STANDARD));
  }

  /** The first case of each class in float16, as the processor runs it. */
  @TestFactory
  Stream<DynamicContainer> casesInFloat16(@TempDir Path scratch) {
    return ofEachClass()
        .map(path -> container(path, scratch, Dialect.STANDARD.withPrecision(Precision.FLOAT16)));
  }

  /** The first case of each class in bfloat16, whose operations are rounded. */
  @TestFactory
  Stream<DynamicContainer> casesInBfloat16(@TempDir Path scratch) {
    return ofEachClass()
        .map(
            path ->
                container(
                    path,
                    scratch,
                    NATIVE,
                    Dialect.STANDARD.withPrecision(Precision.BFLOAT16),
                    RoundedModel::of));
  }

  /** The first case of each class in float16, loaded and run by the Deep Java Library. */
  @TestFactory
  Stream<DynamicContainer> casesInFloat16InDjl(@TempDir Path scratch) {
    return ofEachClass()
        .map(path -> inDjl(path, scratch, Dialect.STANDARD.withPrecision(Precision.FLOAT16)));
  }

  private static Stream<Path> ofEachClass() {
    var classes = new HashSet<String>();
    return CaseFolder.below(Path.of("cases")).stream().filter(path -> classes.add(className(path)));
  }

  private static String className(Path path) {
    var folder = CaseFolder.read(path);
    return folder.library() + " " + folder.architecture().className();
  }

  private Stream<DynamicContainer> below(String folder, Path scratch) {
    return CaseFolder.below(Path.of(folder)).stream()
        .map(path -> container(path, scratch, Dialect.STANDARD));
  }

  private DynamicContainer container(Path path, Path scratch, Dialect dialect) {
    return container(path, scratch, NATIVE, dialect, UnaryOperator.identity());
  }

  private DynamicContainer inDjl(Path path, Path scratch, Dialect dialect) {
    return container(path, scratch, DjlCaseModel::load, dialect, UnaryOperator.identity());
  }

  private DynamicContainer container(
      Path path,
      Path scratch,
      CaseModel.Loader loader,
      Dialect dialect,
      UnaryOperator<Model> changed) {
    var folder = CaseFolder.read(path);
    var own = scratch.resolve(folder.name().replace('/', '-'));
    assertTrue(own.toFile().mkdirs());
    var checks = new CaseChecks(folder, own, loader, dialect, changed);
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
