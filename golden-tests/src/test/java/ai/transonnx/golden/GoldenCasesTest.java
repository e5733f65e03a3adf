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

/** Every golden case and every trained model, step by step. */
class GoldenCasesTest {
  @TempDir private Path scratch;

  private CaseTests below(String folder) {
    return new CaseTests(Path.of(folder), scratch, CaseChecks.loader(ModelOptions.defaults()));
  }

  @TestFactory
  Stream<DynamicContainer> cases() {
    return below("cases").all(EmitOptions.STANDARD);
  }

  /** All of them again, lowered to the oldest operators. */
  @TestFactory
  Stream<DynamicContainer> casesAtTheOldestOpset() {
    return below("cases").all(EmitOptions.STANDARD.withOpset(EmitOptions.MIN_OPSET));
  }

  /** Every case as it is made for ONNX Runtime. */
  @TestFactory
  Stream<DynamicContainer> casesForOnnxRuntime() {
    return below("cases").all(EmitOptions.STANDARD.withTarget(Target.ONNXRUNTIME));
  }

  /** Cases that no library has recorded: its formulas, computed apart from this project. */
  @TestFactory
  Stream<DynamicContainer> references() {
    return below("references").all(EmitOptions.STANDARD);
  }

  @TestFactory
  Stream<DynamicContainer> trainedModels() {
    return below("trained").all(EmitOptions.STANDARD);
  }

  /** The first case of each class in float16, as the processor runs it. */
  @TestFactory
  Stream<DynamicContainer> casesInFloat16() {
    return below("cases")
        .ofEachClass(
            EmitOptions.STANDARD.withPrecision(Precision.FLOAT16), UnaryOperator.identity());
  }

  /** The first case of each class in bfloat16, whose operations are rounded. */
  @TestFactory
  Stream<DynamicContainer> casesInBfloat16() {
    return below("cases")
        .ofEachClass(
            EmitOptions.STANDARD.withPrecision(Precision.BFLOAT16), PrecisionEmulation::of);
  }
}
