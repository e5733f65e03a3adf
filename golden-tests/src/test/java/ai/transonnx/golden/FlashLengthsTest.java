package ai.transonnx.golden;

import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.transonnx.architecture.GraphRequest;
import ai.transonnx.runtime.OnnxModel;
import ai.transonnx.runtime.Tensor;
import ai.transonnx.verification.CaseFolder;
import ai.transonnx.verification.Comparison;
import ai.transonnx.verification.SequenceSlices;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One exported FLASHTransformer accepts sequences of any length. */
class FlashLengthsTest {
  private static final int LONGEST = 16_384;

  @TempDir private Path folder;

  @Test
  void theLogitsOfACausalModelDoNotDependOnLaterTokens() {
    var file = folder.resolve("model.onnx");
    CaseFolder.read(Path.of("cases/FLASH-pytorch/transformer-causal"))
        .export(GraphRequest.main(), file);
    var tokens = new Random(5).longs(LONGEST, 0, 24).toArray();
    var all = Tensor.ofLongs(tokens, 1, LONGEST);
    try (var model = OnnxModel.load(file)) {
      var expected = logits(model, all);
      for (int length : new int[] {1, 255, 256, 257, 1024}) {
        var comparison =
            Comparison.of(
                "logits of " + length,
                SequenceSlices.cut(expected, 0, length),
                logits(model, SequenceSlices.cut(all, 0, length)));
        assertTrue(comparison.agrees(), comparison.description());
      }
    }
  }

  private static Tensor logits(OnnxModel model, Tensor tokens) {
    return model.run(Map.of("tokens", tokens)).get("logits");
  }
}
