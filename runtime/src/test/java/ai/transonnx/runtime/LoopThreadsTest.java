package ai.transonnx.runtime;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A loop is used or closed during a call of another thread: the call keeps its buffers. */
@Timeout(60)
class LoopThreadsTest {
  private final ExecutorService pool = Executors.newCachedThreadPool();
  private OnnxModel model;

  @TempDir private Path folder;

  @BeforeEach
  void load() {
    model = OnnxModel.load(TinyModels.heavy().write(folder));
  }

  @AfterEach
  void shutDown() throws InterruptedException {
    pool.shutdown();
    pool.awaitTermination(30, TimeUnit.SECONDS);
    model.close();
  }

  /** Feeds until a feed fails, and counts down with each feed. */
  private Future<Long> feeding(TokenRows rows, CountDownLatch fed) {
    return pool.submit(
        () -> {
          for (long fedTokens = 0; ; fedTokens++) {
            rows.feed(new long[] {1}, new Cancellation());
            fed.countDown();
          }
        });
  }

  private static void assertClosed(Future<?> call) {
    var failure = assertThrows(ExecutionException.class, call::get);
    assertInstanceOf(ClosedException.class, failure.getCause());
  }

  /** Closes new loops while they are fed, many times. */
  private void assertClosing(Supplier<TokenRows> made) throws InterruptedException {
    for (int i = 0; i < 30; i++) {
      var rows = made.get();
      var fed = new CountDownLatch(3);
      var feeding = feeding(rows, fed);
      fed.await();
      rows.close();
      assertClosed(feeding);
    }
  }

  @Test
  void aLoopIsClosedWhileItIsFed() throws InterruptedException {
    assertClosing(() -> TokenLoop.of(model));
  }

  @Test
  void aBatchedLoopIsClosedWhileItIsFed() throws InterruptedException {
    var stateful =
        OnnxModel.load(TinyModels.stateful().metadata("transonnx.ragged", "true").write(folder));
    try (stateful;
        var loop = TokenLoop.of(stateful)) {
      loop.feed(1);
      assertClosing(() -> BatchedLoop.of(List.of(loop), Integer.MAX_VALUE).orElseThrow());
    }
  }

  @Test
  void aSecondThreadFailsWithoutEffect() throws Exception {
    try (var loop = TokenLoop.of(model)) {
      loop.lock().enter();
      var second = pool.submit(() -> loop.feed(2));
      var failure = assertThrows(ExecutionException.class, second::get);
      assertEquals(
          model.file()
              + ": the loop is busy: another thread uses it, and it serves one thread at a time",
          assertInstanceOf(BusyException.class, failure.getCause()).getMessage());
      loop.lock().leave();
      loop.feed(4);
      var logits = new float[TinyModels.V];
      loop.logits(0, logits);
      var expected = new float[TinyModels.V];
      expected[5] = 1;
      assertArrayEquals(expected, logits);
    }
  }

  @Test
  void closingWaitsForTheCallThatRuns() throws Exception {
    var loop = TokenLoop.of(model);
    loop.feed(4);
    loop.lock().enter();
    var closing = pool.submit(loop::close);
    while (!isClosed(loop)) {
      Thread.onSpinWait();
    }
    loop.calls().readLast(0, new float[TinyModels.V]);
    assertDoesNotThrow(() -> loop.lock().leave());
    closing.get();
    assertThrows(ClosedException.class, () -> loop.feed(1));
  }

  private static boolean isClosed(TokenLoop loop) {
    try {
      loop.logits(0, new float[TinyModels.V]);
      return false;
    } catch (ClosedException e) {
      return true;
    }
  }
}
