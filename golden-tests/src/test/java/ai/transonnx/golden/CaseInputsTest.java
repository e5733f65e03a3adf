package ai.transonnx.golden;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.transonnx.InputException;
import ai.transonnx.architecture.GraphRequest;
import ai.transonnx.verification.CaseChecks;
import ai.transonnx.verification.CaseFolder;
import ai.transonnx.verification.ModelVerification;
import ai.transonnx.verification.report.TensorReport;
import ai.transonnx.verification.report.VerificationReport;
import ai.transonnx.verification.report.VerificationReport.CallInputs;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A file is verified with the recorded steps of a case that it can take. */
class CaseInputsTest {
  private static final Path CASES = Path.of("cases");

  @TempDir private Path folder;

  private VerificationReport verify(CaseFolder golden, GraphRequest request) {
    var model = folder.resolve("model.onnx");
    golden.export(request, model);
    return ModelVerification.builder(model)
        .caseFolder(golden.path())
        .on("cpu:all:threads=1")
        .build()
        .run();
  }

  @ParameterizedTest
  @CsvSource({
    "attn-mask-broadcast, 0, case step 0",
    "encoder-decoder, 1, case step 0;case step 1",
  })
  void stepsThatTheModelCannotTakeAreLeftOut(String name, int step, String calls) {
    var golden = CaseFolder.read(CASES.resolve("x-transformers").resolve(name));
    var report = verify(golden, CaseChecks.request(golden, golden.step(step)));
    report.assertPassed();
    assertEquals(List.of(calls.split(";")), report.calls().stream().map(CallInputs::name).toList());
  }

  @Test
  void logitsOfALossAreThoseBeforeItsLastToken() {
    var golden = CaseFolder.read(CASES.resolve("x-transformers/loss-masks"));
    var request = GraphRequest.builder().inputs("tokens", "mask").build();
    var report = verify(golden, request);
    report.assertPassed();
    assertEquals(List.of("case step 0"), report.calls().stream().map(CallInputs::name).toList());
  }

  @Test
  void onlyTheWorstTensorOfACallThatPassesHasDetails() {
    var golden = CaseFolder.read(CASES.resolve("x-transformers/alibi"));
    var report = verify(golden, GraphRequest.builder().incremental(true).build());
    for (var call : report.runners().get(0).calls()) {
      assertTrue(call.passed());
      var details = call.tensors().stream().filter(tensor -> !tensor.histogram().isEmpty());
      assertTrue(call.tensors().size() > 2, call.label());
      assertEquals(1, details.count(), call.label());
    }
  }

  @Test
  void theReasonIsReportedIfNoStepFits() {
    var golden = CaseFolder.read(CASES.resolve("x-transformers/alibi"));
    var request = GraphRequest.builder().batch(77).build();
    var refused = assertThrows(InputException.class, () -> verify(golden, request)).getMessage();
    assertTrue(refused.startsWith("no step of the case fits the model: " + golden.path()), refused);
    assertTrue(refused.contains("but the model takes tokens int64[77, length]"), refused);
  }

  @Test
  void theStateOfAnIncrementalModelIsNotTheRecordedOne() {
    var golden =
        CaseFolder.read(
            CASES.resolve("block-recurrent-transformer-pytorch/compressed-memory-factor"));
    var first = CaseChecks.request(golden, golden.step(0));
    var recorded = recorded(verify(golden, first));
    assertTrue(recorded.contains("present_state_0 (recorded)"), recorded.toString());
    var incremental = verify(golden, first.toBuilder().incremental(true).build());
    incremental.assertPassed();
    assertEquals(Set.of("logits (recorded)"), recorded(incremental));
  }

  private static Set<String> recorded(VerificationReport report) {
    return report.runners().stream()
        .flatMap(runner -> runner.calls().stream())
        .flatMap(call -> call.tensors().stream())
        .map(TensorReport::name)
        .filter(name -> name.endsWith("(recorded)"))
        .collect(Collectors.toSet());
  }
}
