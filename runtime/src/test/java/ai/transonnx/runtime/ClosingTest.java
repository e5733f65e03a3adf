package ai.transonnx.runtime;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import ai.transonnx.format.ElementType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A model is closed while threads use it. */
@Timeout(60)
class ClosingTest {
  private static final int THREADS = 4;

  private final ExecutorService pool = Executors.newFixedThreadPool(THREADS);

  @TempDir private Path folder;

  @AfterEach
  void shutDown() {
    pool.shutdown();
  }

  @Test
  void callsSucceedUntilTheModelIsClosed() throws Exception {
    var model = OnnxModel.load(TinyModels.stateless().write(folder));
    var busy = new CountDownLatch(THREADS);
    var tokens = Map.of("tokens", Tensor.ofLongs(new long[] {4}, 1, 1));
    var expected = new float[TinyModels.V];
    expected[5] = 1;
    Callable<Boolean> work =
        () -> {
          while (true) {
            var logits = model.run(tokens).get("logits");
            assertArrayEquals(expected, logits.floats());
            busy.countDown();
          }
        };
    var calls = start(work);
    busy.await();
    model.close();
    assertClosed(calls);
  }

  @Test
  void aLoopOutlivesItsModel() {
    var model = OnnxModel.load(TinyModels.heavy().write(folder));
    try (var loop = TokenLoop.of(model, 2)) {
      loop.feed(1, 2, 3, 4);
      model.close();
      var logits = new float[TinyModels.V];
      loop.logits(1, logits);
      assertArrayEquals(new float[] {0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0}, logits);
      assertThrows(ClosedException.class, () -> loop.feed(5, 6));
    }
  }

  @Test
  void closeNowStopsCallsInProgress() throws Exception {
    var model = OnnxModel.load(TinyModels.slow().write(folder));
    var x = Map.of("x", Tensor.zeros(ElementType.FLOAT32, 512, 512));
    var started = new CountDownLatch(THREADS);
    var calls =
        start(
            () -> {
              started.countDown();
              return model.run(x).names().isEmpty();
            });
    started.await();
    model.closeNow();
    assertClosed(calls);
  }

  private List<Future<Boolean>> start(Callable<Boolean> work) {
    var calls = new ArrayList<Future<Boolean>>();
    for (int i = 0; i < THREADS; i++) {
      calls.add(pool.submit(work));
    }
    return calls;
  }

  private static void assertClosed(List<Future<Boolean>> calls) {
    for (var call : calls) {
      var e = assertThrows(ExecutionException.class, call::get);
      assertInstanceOf(ClosedException.class, e.getCause());
    }
  }
}
