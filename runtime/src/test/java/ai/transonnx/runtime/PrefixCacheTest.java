package ai.transonnx.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.transonnx.format.MetadataKey;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PrefixCacheTest {
  private static final long UNLIMITED = Long.MAX_VALUE;

  @TempDir private Path folder;

  /** Feeds a prompt from its longest kept prefix on; returns the length of that. */
  private static int feed(PrefixCache cache, OnnxModel model, long... prompt) {
    try (var loop = TokenLoop.of(model)) {
      int known = cache.restore(loop, prompt);
      if (known < prompt.length) {
        loop.feed(Arrays.copyOfRange(prompt, known, prompt.length));
      }
      assertEquals(TinyModels.next(prompt), TinyModels.argmax(loop, 0));
      cache.keep(loop);
      return known;
    }
  }

  @Test
  void sumsServePromptsThatBeginWithAllTheirTokens() {
    try (var model = OnnxModel.load(TinyModels.stateful().write(folder))) {
      var cache = new PrefixCache(model, UNLIMITED);
      assertEquals(0, feed(cache, model, 1, 2, 3));
      assertEquals(3, feed(cache, model, 1, 2, 3, 4));
      assertEquals(0, feed(cache, model, 1, 2, 4));
      assertEquals(0, feed(cache, model, 1, 2));
      assertEquals(4, feed(cache, model, 1, 2, 3, 4));
      assertEquals(4, cache.size());
    }
  }

  @Test
  void sumsAreKeptWhereAPromptDeparts() {
    long[] system = LongStream.range(0, 20).map(i -> i % TinyModels.V).toArray();
    long[] first = Arrays.copyOf(system, 23);
    long[] second = Arrays.copyOf(system, 24);
    second[20] = 5;
    try (var model = OnnxModel.load(TinyModels.stateful().write(folder));
        var loop = TokenLoop.of(model)) {
      var cache = new PrefixCache(model, UNLIMITED);
      assertEquals(0, cache.departure(loop, first));
      feed(cache, model, first);
      assertEquals(20, cache.departure(loop, second));
    }
  }

  @Test
  void theLeastRecentlyUsedStatesAreDropped() {
    try (var model = OnnxModel.load(TinyModels.stateful().write(folder))) {
      var cache = new PrefixCache(model, 2 * (8 + 8));
      feed(cache, model, 1);
      feed(cache, model, 2);
      assertEquals(32, cache.bytes());
      assertEquals(1, feed(cache, model, 1));
      feed(cache, model, 3);
      assertEquals(2, cache.size());
      assertEquals(1, feed(cache, model, 1));
      assertEquals(0, feed(cache, model, 2));
    }
  }

  @Test
  void aStateThatIsLargerThanTheLimitIsNotKept() {
    try (var model = OnnxModel.load(TinyModels.heavy().write(folder))) {
      var cache = new PrefixCache(model, 1_000_000);
      feed(cache, model, 1);
      assertEquals(0, cache.size());
      assertThrows(RequestException.class, () -> new PrefixCache(model, -1));
    }
  }

  @Test
  void aWindowThatWasFullIsNotKept() {
    var tiny = TinyModels.stateful().metadata(MetadataKey.MAX_LENGTH, "2");
    try (var model = OnnxModel.load(tiny.write(folder));
        var loop = TokenLoop.of(model)) {
      loop.feed(1, 2);
      loop.feed(3);
      var cache = new PrefixCache(model, UNLIMITED);
      cache.keep(loop);
      assertEquals(0, cache.size());
    }
  }

  @Test
  void loopsWithAnotherOverflowDoNotShareStates() {
    try (var model = OnnxModel.load(TinyModels.stateful().write(folder));
        var loop = TokenLoop.builder(model).contextOverflow(ContextOverflow.SLIDE).build()) {
      var cache = new PrefixCache(model, UNLIMITED);
      feed(cache, model, 1);
      assertEquals(0, cache.restore(loop, new long[] {1, 2}));
    }
  }

  @Test
  void onlyNewLoopsOverTheModelAreRestored() {
    try (var model = OnnxModel.load(TinyModels.stateful().write(folder));
        var other = OnnxModel.load(TinyModels.stateful().write(folder));
        var loop = TokenLoop.of(model);
        var foreign = TokenLoop.of(other);
        var two = TokenLoop.of(model, 2)) {
      var cache = new PrefixCache(model, UNLIMITED);
      long[] prompt = {1};
      loop.feed(1);
      for (var refused : new TokenLoop[] {loop, foreign, two}) {
        var refusal = assertThrows(RequestException.class, () -> cache.restore(refused, prompt));
        assertTrue(String.valueOf(refusal.getMessage()).contains("only a"));
      }
    }
  }
}
