package ai.transonnx.djl;

import ai.transonnx.graph.EmitOptions;
import ai.transonnx.graph.Precision;
import ai.transonnx.verification.CaseTests;
import java.nio.file.Path;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Runs golden cases and trained models with the Deep Java Library. */
class DjlGoldenCasesTest {
  @TempDir private Path scratch;

  private CaseTests below(String folder) {
    return new CaseTests(DjlModelFile.GOLDEN.resolve(folder), scratch, DjlCaseModel::load);
  }

  @TestFactory
  Stream<DynamicContainer> aSample() {
    return below("cases").sample(EmitOptions.STANDARD);
  }

  @Tag("slow")
  @TestFactory
  Stream<DynamicContainer> everyThirdCase() {
    return below("cases").sample(EmitOptions.STANDARD, 3);
  }

  @TestFactory
  Stream<DynamicContainer> trainedModels() {
    return below("trained").all(EmitOptions.STANDARD);
  }

  @TestFactory
  Stream<DynamicContainer> casesInFloat16() {
    return below("cases")
        .ofEachClass(
            EmitOptions.STANDARD.withPrecision(Precision.FLOAT16), UnaryOperator.identity());
  }
}
