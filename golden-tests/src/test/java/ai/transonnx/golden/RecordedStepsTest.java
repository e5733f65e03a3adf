package ai.transonnx.golden;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.transonnx.graph.EmitOptions;
import ai.transonnx.runtime.ModelOptions;
import ai.transonnx.verification.CaseReport;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Steps as users may record them: they are verified, or rejected in one line. */
class RecordedStepsTest {
  private static final String GREEDY = "token-shift-gpt/greedy";

  @TempDir private Path folder;

  private CaseReport report() {
    return CaseReport.of(folder, ModelOptions.defaults(), EmitOptions.STANDARD);
  }

  /** A golden case with another description, or other names and shapes of recorded tensors. */
  private CaseReport report(
      String name, UnaryOperator<String> description, UnaryOperator<String> recorded)
      throws IOException {
    var golden = Path.of("cases").resolve(name);
    Files.copy(golden.resolve("weights.safetensors"), folder.resolve("weights.safetensors"));
    var text = Files.readString(golden.resolve("case.json")).replaceAll("\\s+", "");
    Files.writeString(folder.resolve("case.json"), description.apply(text));
    var file = Files.readAllBytes(golden.resolve("io.safetensors"));
    int data = Long.BYTES + (int) ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).getLong();
    var header = new String(file, Long.BYTES, data - Long.BYTES, StandardCharsets.UTF_8).strip();
    var changed = recorded.apply(header.replaceAll("\\s+", "")).getBytes(StandardCharsets.UTF_8);
    var bytes = ByteBuffer.allocate(Long.BYTES + changed.length + file.length - data);
    bytes.order(ByteOrder.LITTLE_ENDIAN).putLong(changed.length).put(changed);
    Files.write(
        folder.resolve("io.safetensors"), bytes.put(file, data, file.length - data).array());
    return report();
  }

  private static void assertFailure(CaseReport report, String phrase) {
    assertTrue(report.toString().contains(phrase), report::toString);
  }

  @Test
  void attentionMapsAloneAreNotRunInChunks() throws IOException {
    var report =
        report(
            "x-transformers/return-attn",
            text -> text.replace("\"logits\",\"attn_0\",\"attn_1\"", "\"attn_0\""),
            UnaryOperator.identity());
    assertTrue(report.agrees(), report::toString);
    assertEquals(1, report.checks());
  }

  @Test
  void aStateAloneIsNotRunInChunks() throws IOException {
    var report =
        report(
            "block-recurrent-transformer-pytorch/all-qk-rmsnorm",
            text ->
                text.replace("[\"logits\",\"xl_memory_0\",\"xl_memory_1\",\"xl_memory_2\",", "["),
            UnaryOperator.identity());
    assertTrue(report.agrees(), report::toString);
  }

  @Test
  void aPromptWithoutABatchIsOneRow() throws IOException {
    var report =
        report(
            GREEDY,
            UnaryOperator.identity(),
            header -> header.replace("[1,3]", "[3]").replace("[1,45]", "[45]"));
    assertTrue(report.agrees(), report::toString);
  }

  @Test
  void aPromptOfThreeDimensionsIsRejected() throws IOException {
    var report =
        report(GREEDY, UnaryOperator.identity(), header -> header.replace("[1,3]", "[1,1,3]"));
    assertFailure(report, ": step 1: 'tokens' is int64[1, 1, 3], not int64[b, n]");
  }

  @Test
  void aGenerationWithAnotherBatchSizeIsRejected() throws IOException {
    var report =
        report(GREEDY, UnaryOperator.identity(), header -> header.replace("[1,3]", "[3,1]"));
    assertFailure(report, ": step 1: 3 prompts, but 1 rows of 'generated'");
  }

  @Test
  void aGenerationOfNeitherTokensNorVectorsIsRejected() throws IOException {
    var report =
        report(
            "x-transformers/encoder-decoder-features",
            text -> text.replace("\"tokens\"", "\"tgt\""),
            header -> header.replace("/in/tokens", "/in/tgt"));
    assertFailure(
        report, ": step 2: its inputs are [src, tgt]; a generation needs 'tokens' or 'x'");
  }
}
