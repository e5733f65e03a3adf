package ai.transonnx.golden;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.transonnx.architecture.GraphRequest;
import ai.transonnx.runtime.Cancellation;
import ai.transonnx.runtime.LoopState;
import ai.transonnx.runtime.OnnxModel;
import ai.transonnx.runtime.Tensor;
import ai.transonnx.runtime.TokenLoop;
import ai.transonnx.runtime.scoring.Scorer;
import ai.transonnx.verification.CaseFolder;
import ai.transonnx.verification.Comparison;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** A trained decoder with a KV cache, compared with the same model without state. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DecodingTest {
  private static final int LENGTH = 200;

  private Path scratch;
  private OnnxModel incremental;
  private OnnxModel full;
  private final long[] tokens = new Random(3).longs(LENGTH, 0, 128).toArray();

  @BeforeAll
  void export(@TempDir Path folder) {
    scratch = folder;
    var trained = CaseFolder.read(Path.of("trained", "x-transformers", "bible"));
    incremental =
        export(trained, GraphRequest.builder().incremental(true).lastLogits(true).build());
    full = export(trained, GraphRequest.main());
  }

  private OnnxModel export(CaseFolder folder, GraphRequest request) {
    var file = scratch.resolve(request.incremental() ? "incremental.onnx" : "full.onnx");
    folder.export(request, file);
    return OnnxModel.load(file);
  }

  @Test
  void aGrowingCacheKeepsEveryPosition() {
    try (var loop = TokenLoop.of(incremental)) {
      for (int i = 0; i < LENGTH; i++) {
        loop.feed(tokens[i]);
        if (i % 13 == 0) {
          assertAgrees(loop, i + 1);
        }
      }
      assertAgrees(loop, LENGTH);
    }
  }

  @Test
  void sequencesScoredTogetherHaveTheScoresOfSingleCalls() {
    var sequences = new long[12][];
    Arrays.setAll(sequences, i -> Arrays.copyOfRange(tokens, i, i + 40 + i % 3 * 20));
    var scorer = Scorer.of(full);
    var together = scorer.bits(sequences, new Cancellation());
    for (int i = 0; i < sequences.length; i++) {
      assertEquals(39 + i % 3 * 20, together[i].length);
      assertArrayEquals(scorer.bits(sequences[i]), together[i], 1e-4);
    }
  }

  @Test
  void forksAndRestoredStatesContinueExactly() {
    var file = scratch.resolve("loop.state");
    try (var loop = TokenLoop.of(incremental)) {
      loop.feed(Arrays.copyOf(tokens, 100));
      loop.state().write(file);
      try (var fork = loop.fork();
          var read = TokenLoop.of(incremental)) {
        read.restore(LoopState.read(file, incremental));
        var rest = Arrays.copyOfRange(tokens, 100, LENGTH);
        for (var each : new TokenLoop[] {loop, fork, read}) {
          for (long token : rest) {
            each.feed(token);
          }
        }
        assertArrayEquals(logits(loop), logits(fork));
        assertArrayEquals(logits(loop), logits(read));
        assertAgrees(fork, LENGTH);
        fork.rewind(70);
        assertAgrees(fork, 70);
      }
    }
  }

  private void assertAgrees(TokenLoop loop, int length) {
    try (var whole = TokenLoop.of(full)) {
      whole.feed(Arrays.copyOf(tokens, length));
      var comparison = Comparison.of("logits", tensor(whole), tensor(loop));
      assertTrue(comparison.agrees(), "at " + length + ": " + comparison.description());
    }
  }

  private static Tensor tensor(TokenLoop loop) {
    return Tensor.ofFloats(logits(loop), loop.vocabulary());
  }

  private static float[] logits(TokenLoop loop) {
    var logits = new float[loop.vocabulary()];
    loop.logits(0, logits);
    return logits;
  }

  @AfterAll
  void close() {
    incremental.close();
    full.close();
  }
}
