package ai.transonnx.golden;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.transonnx.architecture.Architecture;
import ai.transonnx.architecture.GraphRequest;
import ai.transonnx.export.ExportRequest;
import ai.transonnx.export.Exporter;
import ai.transonnx.registry.Architectures;
import ai.transonnx.runtime.ContextOverflow;
import ai.transonnx.runtime.OnnxModel;
import ai.transonnx.runtime.RequestException;
import ai.transonnx.runtime.Tensor;
import ai.transonnx.runtime.TokenLoop;
import ai.transonnx.verification.CaseFolder;
import ai.transonnx.verification.Comparison;
import ai.transonnx.verification.SequenceSlices;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Decoders with a sliding window: beyond their context window, or by {@code max_attend_past}. */
class WindowTest {
  private static final int LENGTH = 330;

  @TempDir private Path scratch;

  private final Random random = new Random(11);
  private int exported;

  /** The architecture of a golden case without position embeddings, for other lengths. */
  private Architecture architecture(CaseFolder folder, int length, int past) {
    var config = ((ObjectNode) folder.config()).deepCopy();
    config.put("use_abs_pos_emb", false);
    config.put("max_seq_len", length);
    if (past > 0) {
      ((ObjectNode) config.get("attn_layers")).put("attn_max_attend_past", past);
    }
    return Architectures.of(folder.architecture().library(), config);
  }

  private OnnxModel export(CaseFolder folder, Architecture architecture, GraphRequest request) {
    var file = scratch.resolve("model-%s.onnx".formatted(exported++));
    Exporter.export(
        ExportRequest.builder(architecture, folder.weights(), file)
            .graph(request)
            .unusedWeights(List.of("pos_emb.*"))
            .build());
    return OnnxModel.load(file);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "greedy",
        "greedy-alibi",
        "greedy-rel-pos",
        "greedy-rotary",
        "greedy-dynamic",
        "mem-kv-causal",
        "residual-attn-decoder",
        "one-kv-head",
        "shift-tokens"
      })
  void beyondTheContextWindowEachPositionSeesASlidingWindow(String name) {
    var folder = CaseFolder.read(Path.of("cases", "x-transformers", name));
    int window = 20;
    var withState = GraphRequest.builder().incremental(true).build();
    try (var incremental = export(folder, architecture(folder, window, 0), withState);
        var full =
            export(
                folder,
                architecture(folder, LENGTH, 0),
                GraphRequest.builder().inputs("tokens", "attn_mask").build())) {
      int memoryKeys = folder.config().path("attn_layers").path("attn_num_mem_kv").asInt();
      var tokens = tokens();
      var mask = window(window, memoryKeys);
      var expected =
          full.run(Map.of("tokens", Tensor.ofLongs(tokens, 1, LENGTH), "attn_mask", mask))
              .get("logits");
      for (int most : new int[] {2, 200}) {
        try (var loop =
            TokenLoop.builder(incremental).contextOverflow(ContextOverflow.SLIDE).build()) {
          assertFollows(loop, tokens, expected, most);
          assertTrue(loop.recomputeReason().isEmpty());
        }
      }
    }
  }

  /** The mask of learned memory keys and the last positions: bool [n, w + n]. */
  private static Tensor window(int window, int memoryKeys) {
    int keys = memoryKeys + LENGTH;
    var seen = new boolean[LENGTH * keys];
    for (int i = 0; i < LENGTH; i++) {
      for (int j = 0; j < keys; j++) {
        seen[i * keys + j] = j < memoryKeys || i - (j - memoryKeys) < window;
      }
    }
    return Tensor.ofBooleans(seen, LENGTH, keys);
  }

  @ParameterizedTest
  @CsvSource({
    "greedy, false",
    "greedy, true",
    "greedy-alibi, false",
    "greedy-rotary, true",
    "memory-tokens-causal, false",
    "memory-tokens-causal, true"
  })
  void positionsBeforeTheSlidingWindowAreDropped(String name, boolean singleSequence) {
    var folder = CaseFolder.read(Path.of("cases", "x-transformers", name));
    var architecture = architecture(folder, LENGTH + 10, 5);
    var withState = GraphRequest.builder().incremental(true).build();
    var request = singleSequence ? withState.toBuilder().batch(1).build() : withState;
    try (var incremental = export(folder, architecture, request);
        var full = export(folder, architecture, GraphRequest.main());
        var loop = TokenLoop.of(incremental)) {
      var tokens = tokens();
      var expected = full.run(Map.of("tokens", Tensor.ofLongs(tokens, 1, LENGTH))).get("logits");
      assertFollows(loop, tokens, expected, 200);
      loop.reset();
      loop.feed(Arrays.copyOf(tokens, 140));
      long bytes = loop.state().bytes();
      for (int i = 140; i < LENGTH; i++) {
        loop.feed(tokens[i]);
      }
      assertEquals(bytes, loop.state().bytes());
      assertFalse(loop.recomputeReason().isPresent());
    }
  }

  /** Each call is longer than the free slots of a ring without a fixed length. */
  @ParameterizedTest
  @CsvSource({"340, 5, 6", "170, 0, 170"})
  void callsOfAFixedLengthContinue(int maxLength, int past, int window) {
    var folder = CaseFolder.read(Path.of("cases", "x-transformers", "greedy-alibi"));
    int length = LENGTH / 2;
    var fixed = GraphRequest.builder().incremental(true).length(length).build();
    var masked = GraphRequest.builder().inputs("tokens", "attn_mask").build();
    try (var incremental = export(folder, architecture(folder, maxLength, past), fixed);
        var full = export(folder, architecture(folder, LENGTH, 0), masked)) {
      var tokens = Tensor.ofLongs(tokens(), 1, LENGTH);
      var expected = full.run(Map.of("tokens", tokens, "attn_mask", window(window, 0)));
      var inputs = new HashMap<String, Tensor>();
      incremental
          .metadata()
          .state()
          .forEach(pair -> inputs.put(pair.input(), Tensor.zeros(pair, 1)));
      inputs.computeIfPresent(
          "past_window", (name, zeros) -> Tensor.ofLongs(new long[] {window}, 1));
      for (int start = 0; start < LENGTH; start += length) {
        inputs.put("tokens", SequenceSlices.cut(tokens, start, length));
        var outputs = incremental.run(inputs);
        var logits = SequenceSlices.cut(expected.get("logits"), start, length);
        var comparison = Comparison.of("logits", logits, outputs.get("logits"));
        assertTrue(comparison.agrees(), "from %s: %s".formatted(start, comparison.description()));
        incremental.metadata().state().forEach(s -> inputs.put(s.input(), outputs.get(s.output())));
      }
    }
  }

  /** The rings are full, so each call overwrites earlier positions. */
  @ParameterizedTest
  @CsvSource({"greedy-rotary, 0, SLIDE", "greedy-alibi, 5, RECOMPUTE"})
  void interruptedFeedsAreUndone(String name, int past, ContextOverflow overflow) {
    var folder = CaseFolder.read(Path.of("cases", "x-transformers", name));
    var architecture = architecture(folder, past == 0 ? 20 : LENGTH + 40, past);
    try (var model =
        export(folder, architecture, GraphRequest.builder().incremental(true).build())) {
      var feeds = new InterruptedFeeds(model, new CaseLoops(model, InterruptedFeeds.LENGTH));
      for (int end : new int[] {201, 260, InterruptedFeeds.LENGTH}) {
        feeds.assertUndone(200, end, overflow);
      }
    }
  }

  private long[] tokens() {
    return random.longs(LENGTH, 0, 24).toArray();
  }

  private void assertFollows(TokenLoop loop, long[] tokens, Tensor expected, int most) {
    var logits = new float[loop.vocabulary()];
    for (int end = 0; end < LENGTH; ) {
      int start = end;
      end = Math.min(start + 1 + random.nextInt(most), LENGTH);
      loop.feed(Arrays.copyOfRange(tokens, start, end));
      loop.logits(0, logits);
      var actual = Tensor.ofFloats(logits, 1, 1, logits.length);
      var comparison = Comparison.of("logits", SequenceSlices.cut(expected, end - 1, 1), actual);
      assertTrue(comparison.agrees(), "at %s: %s".formatted(end, comparison.description()));
    }
  }

  @Test
  void aFixedWindowIsReportedWithItsReason() {
    assertFixed("its embeddings of positions are absolute", "decoder");
    assertFixed("'num_memory_tokens' stand before", "memory-tokens-causal");
    assertFixed("exported without --incremental", "greedy-rotary", GraphRequest.main());
  }

  private void assertFixed(String why, String name) {
    assertFixed(why, name, GraphRequest.builder().incremental(true).build());
  }

  private void assertFixed(String why, String name, GraphRequest request) {
    var folder = CaseFolder.read(Path.of("cases", "x-transformers", name));
    var file = scratch.resolve("fixed.onnx");
    if (name.startsWith("memory")) {
      export(folder, architecture(folder, 24, 0), request).close();
      file = scratch.resolve("model-%s.onnx".formatted(exported - 1));
    } else {
      folder.export(request, file);
    }
    try (var model = OnnxModel.load(file)) {
      var e =
          assertThrows(
              RequestException.class,
              () -> TokenLoop.builder(model).contextOverflow(ContextOverflow.SLIDE).build());
      assertTrue(e.getMessage().contains(why), e.getMessage());
    }
  }
}
