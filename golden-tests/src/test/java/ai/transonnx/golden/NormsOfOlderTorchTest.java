package ai.transonnx.golden;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.transonnx.graph.EmitOptions;
import ai.transonnx.runtime.ModelOptions;
import ai.transonnx.verification.CaseReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From x-transformers 1.27.1 to 1.30.23, the version of PyTorch decides the names of norms. */
class NormsOfOlderTorchTest {
  private static final Path GOLDEN = Path.of("releases/1.30.0/disable-abs-pos-emb");
  private static final String WEIGHTS = "weights.safetensors";

  @TempDir private Path folder;

  @Test
  void gammaAndABufferOfZerosAreTheWeightsOfNorms() throws IOException {
    write(renamed(0));
    var report = report();
    assertTrue(report.agrees() && report.checks() > 0, report::toString);
  }

  @Test
  void theBufferIsAddedAsInTheLibrary() throws IOException {
    write(renamed(0x3d));
    assertFalse(report().agrees());
  }

  @Test
  void aNormHasOnlyOneOfTheNames() throws IOException {
    var weights = EditedWeights.of(GOLDEN.resolve(WEIGHTS));
    weights.addLike("attn_layers.final_norm.weight", "attn_layers.final_norm.gamma", 0);
    write(weights);
    assertTrue(
        report().toString().contains("attn_layers.final_norm.gamma [12] is not used"),
        () -> report().toString());
  }

  /** The weights as PyTorch before 2.1 writes them. */
  private static EditedWeights renamed(int biasBytes) throws IOException {
    var weights = EditedWeights.of(GOLDEN.resolve(WEIGHTS));
    int norms =
        weights.rename(
            name -> name.replaceFirst("(layers\\.\\d\\.0\\.0|final_norm)\\.weight$", "$1.gamma"));
    assertTrue(norms > 2);
    int biases = 0;
    for (var name : weights.names()) {
      if (name.endsWith(".gamma")) {
        weights.addLike(name, name.replaceFirst("gamma$", "beta"), biasBytes);
        biases++;
      }
    }
    assertEquals(norms, biases);
    return weights;
  }

  private void write(EditedWeights weights) throws IOException {
    for (var file : new String[] {"case.json", "io.safetensors"}) {
      Files.copy(GOLDEN.resolve(file), folder.resolve(file));
    }
    weights.write(folder.resolve(WEIGHTS));
  }

  private CaseReport report() {
    return CaseReport.of(folder, ModelOptions.defaults(), EmitOptions.STANDARD);
  }
}
