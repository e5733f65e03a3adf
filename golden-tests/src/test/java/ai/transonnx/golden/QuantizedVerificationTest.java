package ai.transonnx.golden;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.transonnx.format.internal.proto.ModelProto;
import ai.transonnx.graph.EmitOptions;
import ai.transonnx.graph.Quantization;
import ai.transonnx.graph.QuantizedType;
import ai.transonnx.graph.Target;
import ai.transonnx.verification.CaseChecks;
import ai.transonnx.verification.CaseFolder;
import ai.transonnx.verification.ModelVerification;
import ai.transonnx.verification.report.VerificationReport;
import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Quantized files compute what their class computes with the dequantized weights, and these are the
 * checkpoint's, quantized in the same way.
 */
class QuantizedVerificationTest {
  private static final Path CASES = Path.of("cases");
  private static final CaseFolder GOLDEN = CaseFolder.read(CASES.resolve("token-shift-gpt/base"));
  private static final String CPU = "cpu:none:threads=1,cpu:all:threads=1";
  private static final int BLOCK = 16;

  @TempDir private Path folder;

  private static EmitOptions emit(QuantizedType type, Target target, String... kept) {
    return EmitOptions.STANDARD
        .withTarget(target)
        .withQuantization(Quantization.of(type).withBlock(BLOCK).withKeep(List.of(kept)));
  }

  private Path exported(EmitOptions emit) {
    var file = folder.resolve("quantized.onnx");
    var request = CaseChecks.request(GOLDEN, GOLDEN.step(0));
    GOLDEN.export(request.toBuilder().emit(emit).build(), file);
    return file;
  }

  private static VerificationReport verified(Path file, Path weights, String runtimes) {
    return ModelVerification.builder(file).on(runtimes).weights(weights).build().run();
  }

  private static void assertPassed(VerificationReport report) {
    report.assertPassed();
    var structure = report.structure();
    assertNotNull(structure);
    assertEquals(1e-9, structure.tolerance());
  }

  @ParameterizedTest
  @CsvSource({"INT4,PORTABLE", "INT8,PORTABLE", "INT4,ONNXRUNTIME"})
  void aQuantizedFileHasTheWeightsOfItsCheckpoint(QuantizedType type, Target target) {
    var report = verified(exported(emit(type, target)), GOLDEN.weights(), CPU);
    assertPassed(report);
    var level = target == Target.PORTABLE ? "level 1" : "level 4";
    assertTrue(report.reference().description().contains(level), report.summary());
  }

  @ParameterizedTest
  @CsvSource({"INT4,PORTABLE", "INT8,ONNXRUNTIME", "INT4,ONNXRUNTIME"})
  void zeroPointsAreThoseOfTheCheckpoint(QuantizedType type, Target target) {
    var emit = EmitOptions.STANDARD.withTarget(target);
    var quantization = Quantization.of(type).withBlock(BLOCK).withZeroPoints();
    var file = exported(emit.withQuantization(quantization));
    assertPassed(verified(file, GOLDEN.weights(), CPU));
  }

  @Test
  void weightsThatStayFloat32AreRecognized() {
    var emit = emit(QuantizedType.INT4, Target.PORTABLE, "token_emb", "net.0.fn.project_in.0");
    assertPassed(verified(exported(emit), GOLDEN.weights(), CPU));
  }

  @ParameterizedTest
  @CsvSource({"int4", "scales"})
  void aChangedWeightIsFoundInItsLayer(String part) throws IOException {
    var file = exported(emit(QuantizedType.INT4, Target.PORTABLE));
    change(file, "net.1.fn.to_gate.weight/rows_of_product." + part);
    var report = verified(file, GOLDEN.weights(), "cpu:all:threads=1");
    assertFalse(report.passed());
    var structure = report.structure();
    assertNotNull(structure);
    var divergence = structure.divergence();
    assertNotNull(divergence);
    assertTrue(divergence.location().contains("net.1.fn"), divergence.location());
  }

  private static void change(Path file, String initializer) throws IOException {
    var model = ModelProto.parseFrom(Files.readAllBytes(file)).toBuilder();
    var tensor =
        model.getGraphBuilder().getInitializerBuilderList().stream()
            .filter(one -> one.getName().equals(initializer))
            .findAny()
            .orElseThrow();
    var bytes = tensor.getRawData().toByteArray();
    bytes[2] ^= 4;
    tensor.setRawData(ByteString.copyFrom(bytes));
    Files.write(file, model.build().toByteArray());
  }
}
