package ai.transonnx.golden;

import ai.transonnx.graph.EmitOptions;
import ai.transonnx.graph.Precision;
import ai.transonnx.graph.PrecisionEmulation;
import ai.transonnx.graph.Target;
import ai.transonnx.runtime.ModelOptions;
import ai.transonnx.verification.CaseChecks;
import ai.transonnx.verification.CaseTests;
import java.nio.file.Path;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Verifies golden cases and trained models. */
class GoldenCasesTest {
  private static final EmitOptions OLDEST = EmitOptions.STANDARD.withOpset(EmitOptions.MIN_OPSET);
  private static final EmitOptions FLOAT64 = EmitOptions.STANDARD.withPrecision(Precision.FLOAT64);
  private static final EmitOptions ONNX_RUNTIME =
      EmitOptions.STANDARD.withTarget(Target.ONNXRUNTIME);

  @TempDir private Path scratch;

  /** Tests on one thread: more would take longer to start than these models to run. */
  private CaseTests below(String folder) {
    return tests(folder, ModelOptions.builder().threads(1).build());
  }

  private CaseTests tests(String folder, ModelOptions options) {
    return new CaseTests(Path.of(folder), scratch, CaseChecks.loader(options));
  }

  @TestFactory
  Stream<DynamicContainer> cases() {
    return below("cases").all(EmitOptions.STANDARD);
  }

  @TestFactory
  Stream<DynamicContainer> aSampleAtTheOldestOpset() {
    return below("cases").sample(OLDEST);
  }

  @Tag("slow")
  @TestFactory
  Stream<DynamicContainer> casesAtTheOldestOpset() {
    return below("cases").all(OLDEST);
  }

  @TestFactory
  Stream<DynamicContainer> aSampleWithTheOperatorsOfOnnxRuntime() {
    return below("cases").sample(ONNX_RUNTIME);
  }

  @Tag("slow")
  @TestFactory
  Stream<DynamicContainer> casesWithTheOperatorsOfOnnxRuntime() {
    return below("cases").all(ONNX_RUNTIME);
  }

  @TestFactory
  Stream<DynamicContainer> aSampleOfReleases() {
    return below("releases").sample(EmitOptions.STANDARD);
  }

  /** Cases of the releases of x-transformers. */
  @Tag("slow")
  @TestFactory
  Stream<DynamicContainer> releases() {
    return below("releases").all(EmitOptions.STANDARD);
  }

  /** Cases that were computed from a library's formulas, independently of this project. */
  @TestFactory
  Stream<DynamicContainer> references() {
    return below("references").all(EmitOptions.STANDARD);
  }

  @TestFactory
  Stream<DynamicContainer> trainedModels() {
    return tests("trained", ModelOptions.defaults()).all(EmitOptions.STANDARD);
  }

  /** The first case of each class in float64. */
  @TestFactory
  Stream<DynamicContainer> casesOfEachClassInFloat64() {
    return below("cases").ofEachClass(FLOAT64, UnaryOperator.identity());
  }

  @Tag("slow")
  @TestFactory
  Stream<DynamicContainer> casesInFloat64() {
    return Stream.of("cases", "releases", "references").flatMap(name -> below(name).all(FLOAT64));
  }

  @Tag("slow")
  @TestFactory
  Stream<DynamicContainer> casesInFloat64AtTheOldestOpset() {
    return below("cases").all(FLOAT64.withOpset(EmitOptions.MIN_OPSET));
  }

  @Tag("slow")
  @TestFactory
  Stream<DynamicContainer> trainedModelsInFloat64() {
    return tests("trained", ModelOptions.defaults()).all(FLOAT64);
  }

  /** The first case of each class in float16, on the CPU. */
  @TestFactory
  Stream<DynamicContainer> casesInFloat16() {
    return below("cases")
        .ofEachClass(
            EmitOptions.STANDARD.withPrecision(Precision.FLOAT16), UnaryOperator.identity());
  }

  /** The first case of each class in emulated bfloat16. */
  @TestFactory
  Stream<DynamicContainer> casesInBfloat16() {
    return below("cases")
        .ofEachClass(
            EmitOptions.STANDARD.withPrecision(Precision.BFLOAT16), PrecisionEmulation::of);
  }
}
