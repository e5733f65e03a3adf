package ai.transonnx.golden;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.transonnx.InputException;
import ai.transonnx.architecture.GraphRequest;
import ai.transonnx.runtime.ContextOverflow;
import ai.transonnx.runtime.LoopState;
import ai.transonnx.runtime.OnnxModel;
import ai.transonnx.runtime.Tensor;
import ai.transonnx.runtime.TokenLoop;
import ai.transonnx.verification.CaseFolder;
import ai.transonnx.verification.Comparison;
import ai.transonnx.verification.Recording;
import ai.transonnx.verification.SequenceSlices;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Unlimited text in segments: a loop's state replaces the library's memories. */
class SegmentsTest {
  private static final GraphRequest SEGMENTS =
      GraphRequest.builder().inputs("tokens", "mem").incremental(true).build();

  @TempDir private Path scratch;

  private OnnxModel export(String name) {
    var file = scratch.resolve("model.onnx");
    folder(name).export(SEGMENTS, file);
    return OnnxModel.load(file);
  }

  /** A golden case, or one of a release. */
  private static CaseFolder folder(String name) {
    return CaseFolder.read(
        name.contains("/")
            ? Path.of("releases").resolve(name)
            : Path.of("cases", "x-transformers", name));
  }

  /** The recorded tensors of all steps, concatenated along the positions: [b, n, ...]. */
  private static Tensor recorded(String name, String tensor) {
    var folder = folder(name);
    try (var recording = Recording.open(folder.tensors())) {
      var parts = new ArrayList<Tensor>();
      for (var step : folder.steps()) {
        parts.add(
            tensor.equals("tokens")
                ? recording.input(step, tensor)
                : recording.output(step, tensor));
      }
      return SequenceSlices.join(parts);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "xl-recurrence",
        "xl-recurrence-rotary",
        "enhanced-recurrence",
        "enhanced-recurrence-2",
        "2.26.4/selective-recurrence",
        "2.26.4/rotary-xpos-heads"
      })
  void segmentsSeeTheMemoriesOfTheLibrary(String name) {
    var tokens = recorded(name, "tokens");
    var expected = recorded(name, "logits");
    int batch = (int) tokens.shape()[0];
    int length = (int) tokens.shape()[1];
    try (var model = export(name)) {
      assertEquals(8, model.metadata().cacheLayout().segmentLength().orElseThrow());
      for (int chunk : new int[] {1, 3, 8, 11, length}) {
        try (var loop = TokenLoop.of(model, batch)) {
          for (int start = 0; start < length; start += chunk) {
            int count = Math.min(chunk, length - start);
            loop.feed(SequenceSlices.cut(tokens, start, count).longs());
            assertLogits(expected, start + count - 1, loop);
          }
        }
      }
    }
  }

  @Test
  void theStateIsExactOnBothSidesOfASegmentBoundary() {
    var tokens = recorded("enhanced-recurrence", "tokens");
    var expected = recorded("enhanced-recurrence", "logits");
    int batch = (int) tokens.shape()[0];
    try (var model = export("enhanced-recurrence");
        var loop = TokenLoop.of(model, batch)) {
      loop.feed(SequenceSlices.cut(tokens, 0, 16).longs());
      var file = scratch.resolve("loop.state");
      loop.state().write(file);
      try (var fork = loop.fork();
          var read = TokenLoop.of(model, batch)) {
        read.restore(LoopState.read(file, model));
        for (var each : List.of(loop, fork, read)) {
          each.feed(SequenceSlices.cut(tokens, 16, 5).longs());
          assertLogits(expected, 20, each);
        }
        fork.rewind(7);
        assertLogits(expected, 6, fork);
        fork.feed(SequenceSlices.cut(tokens, 7, 10).longs());
        assertLogits(expected, 16, fork);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"xl-recurrence-rotary", "enhanced-recurrence"})
  void interruptedFeedsAreUndone(String name) {
    try (var model = export(name)) {
      var feeds = new InterruptedFeeds(model, new CaseLoops(model, InterruptedFeeds.LENGTH));
      for (int end : new int[] {16, 17, 40}) {
        feeds.assertUndone(8, end, ContextOverflow.RECOMPUTE);
        feeds.assertUndone(13, end, ContextOverflow.RECOMPUTE);
      }
    }
  }

  @Test
  void buffersDoNotGrowBeyondASegmentAndItsMemory() {
    try (var model = export("xl-recurrence");
        var loop = TokenLoop.of(model)) {
      loop.feed(new long[40]);
      long bytes = loop.state().bytes();
      for (int i = 0; i < 200; i++) {
        loop.feed(i % 24);
      }
      assertEquals(bytes, loop.state().bytes());
    }
  }

  @Test
  void graphsWithoutMemoriesOfSegmentsAreRejected() {
    assertRefused("max_mem_len", "decoder", SEGMENTS);
    assertRefused(
        "'mask', which covers one segment only",
        "xl-recurrence",
        SEGMENTS.toBuilder().inputs("tokens", "mem", "mask").build());
    assertRefused(
        "omit output 'mem'",
        "xl-recurrence",
        SEGMENTS.toBuilder().outputs("logits", "mem").build());
  }

  private static void assertRefused(String why, String name, GraphRequest request) {
    var architecture = CaseFolder.read(Path.of("cases", "x-transformers", name)).architecture();
    var e = assertThrows(InputException.class, () -> architecture.build(request));
    assertTrue(e.getMessage().contains(why), e.getMessage());
  }

  private static void assertLogits(Tensor expected, int position, TokenLoop loop) {
    int vocabulary = loop.vocabulary();
    var all = new float[loop.batch() * vocabulary];
    var row = new float[vocabulary];
    for (int i = 0; i < loop.batch(); i++) {
      loop.logits(i, row);
      System.arraycopy(row, 0, all, i * vocabulary, vocabulary);
    }
    var actual = Tensor.ofFloats(all, loop.batch(), 1, vocabulary);
    var comparison = Comparison.of("logits", SequenceSlices.cut(expected, position, 1), actual);
    assertTrue(
        comparison.agrees(), "at position %s: %s".formatted(position, comparison.description()));
  }
}
