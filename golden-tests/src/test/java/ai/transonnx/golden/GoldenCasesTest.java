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
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Verifies every golden case and every trained model. */
class GoldenCasesTest {
  @TempDir private Path scratch;

  private CaseTests below(String folder) {
    return new CaseTests(Path.of(folder), scratch, CaseChecks.loader(ModelOptions.defaults()));
  }

  @TestFactory
  Stream<DynamicContainer> cases() {
    return below("cases").all(EmitOptions.STANDARD);
  }

  /** Every case at the oldest opset. */
  @TestFactory
  Stream<DynamicContainer> casesAtTheOldestOpset() {
    return below("cases").all(EmitOptions.STANDARD.withOpset(EmitOptions.MIN_OPSET));
  }

  /** Every case with the operators of ONNX Runtime. */
  @TestFactory
  Stream<DynamicContainer> casesForOnnxRuntime() {
    return below("cases").all(EmitOptions.STANDARD.withTarget(Target.ONNXRUNTIME));
  }

  /** Cases that were computed from a library's formulas, independently of this project. */
  @TestFactory
  Stream<DynamicContainer> references() {
    return below("references").all(EmitOptions.STANDARD);
  }

  @TestFactory
  Stream<DynamicContainer> trainedModels() {
    return below("trained").all(EmitOptions.STANDARD);
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
