package ai.transonnx.golden;

import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.transonnx.graph.EmitOptions;
import ai.transonnx.runtime.ModelOptions;
import ai.transonnx.verification.CaseReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Buffers that a checkpoint lacks are computed, because they are not trained. */
class AbsentBuffersTest {
  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource({
    "x-transformers/rotary, rotary_pos_emb.inv_freq",
    "x-transformers/rotary-dim, rotary_pos_emb.inv_freq",
    "x-transformers/rotary-xpos, rotary_pos_emb",
    "FLASH-pytorch/transformer-causal, abs_pos_emb.inv_freq",
  })
  void outputsAgreeWithoutTheBuffer(String name, String absent) throws IOException {
    var golden = Path.of("cases").resolve(name);
    for (var file : new String[] {"case.json", "io.safetensors"}) {
      Files.copy(golden.resolve(file), folder.resolve(file));
    }
    var weights = EditedWeights.of(golden.resolve("weights.safetensors"));
    assertTrue(weights.remove(tensor -> tensor.contains(absent)) > 0, absent);
    weights.write(folder.resolve("weights.safetensors"));
    var report = CaseReport.of(folder, ModelOptions.defaults(), EmitOptions.STANDARD);
    assertTrue(report.agrees() && report.checks() > 0, report::toString);
  }
}
