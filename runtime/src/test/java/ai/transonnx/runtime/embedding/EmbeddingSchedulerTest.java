package ai.transonnx.runtime.embedding;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.transonnx.runtime.BusyException;
import ai.transonnx.runtime.Cancellation;
import ai.transonnx.runtime.CancelledException;
import ai.transonnx.runtime.ClosedException;
import ai.transonnx.runtime.DeadlineException;
import ai.transonnx.runtime.OnnxModel;
import ai.transonnx.runtime.RequestException;
import ai.transonnx.runtime.RunException;
import ai.transonnx.runtime.TinyModel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
final class EmbeddingSchedulerTest {
  private static final EmbeddingLimits LIMITS = new EmbeddingLimits(4, 100);

  @TempDir private Path folder;

  private final CountDownLatch called = new CountDownLatch(1);
  private final CountDownLatch gate = new CountDownLatch(1);
  private final List<Integer> calls = new CopyOnWriteArrayList<>();
  private final List<String> ends = new CopyOnWriteArrayList<>();
  private OnnxModel model;
  private EmbeddingScheduler scheduler;

  /** Holds the first call until the gate is open. */
  private final class Recorded implements EmbeddingMetrics {
    @Override
    public void onCall(int rows, long positions, Duration time) {
      calls.add(rows);
      called.countDown();
      try {
        gate.await();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }

    @Override
    public void onFinished(int sequences, long tokens, Duration time) {
      ends.add("%s sequences, %s tokens".formatted(sequences, tokens));
    }

    @Override
    public void onFailed(int sequences, Throwable failure) {
      ends.add("%s failed: %s".formatted(sequences, failure.getClass().getSimpleName()));
    }

    @Override
    public void onRejected(int sequences) {
      ends.add(sequences + " rejected");
    }
  }

  private void start(TinyModel tiny, EmbeddingLimits limits) {
    model = OnnxModel.load(tiny.write(folder));
    scheduler = EmbeddingScheduler.of(Embedder.of(model), limits, new Recorded());
  }

  /** Submits a sequence, whose call is held until the gate is open. */
  private CompletableFuture<float[][]> hold() throws InterruptedException {
    var first = submit(7);
    called.await();
    return first;
  }

  private CompletableFuture<float[][]> submit(long... tokens) {
    return scheduler.submit(new long[][] {tokens}, new Cancellation());
  }

  private static Throwable failure(CompletableFuture<?> future) {
    return assertThrows(CompletionException.class, future::join).getCause();
  }

  @AfterEach
  void close() {
    gate.countDown();
    if (scheduler != null) {
      scheduler.closeNow();
      model.close();
    }
  }

  @Test
  void vectorsAreThoseOfTheEmbedder() {
    start(TinyEncoders.withMask(), LIMITS);
    gate.countDown();
    var random = new Random(3);
    var requests =
        IntStream.range(0, 20)
            .mapToObj(i -> sequences(random))
            .map(texts -> CompletableFuture.supplyAsync(() -> check(texts)))
            .toList();
    requests.forEach(CompletableFuture::join);
    assertEquals(20, ends.size());
  }

  private static long[][] sequences(Random random) {
    return IntStream.range(0, 1 + random.nextInt(4))
        .mapToObj(i -> random.longs(1 + random.nextInt(9), 0, 100).toArray())
        .toArray(long[][]::new);
  }

  private boolean check(long[][] texts) {
    var expected = Embedder.of(model).embed(texts, new Cancellation());
    var vectors = scheduler.submit(texts, new Cancellation()).join();
    for (int i = 0; i < texts.length; i++) {
      assertArrayEquals(expected[i], vectors[i], 1e-5f);
    }
    return true;
  }

  @Test
  void requestsShareCalls() throws Exception {
    start(TinyEncoders.withMask(), LIMITS);
    hold();
    var second = submit(1, 2);
    var third = scheduler.submit(new long[][] {{3}, {4}, {5, 5}}, new Cancellation());
    assertEquals(4, scheduler.status().waiting());
    gate.countDown();
    assertArrayEquals(new float[] {1.5f, 2}, second.join()[0]);
    assertArrayEquals(new float[] {4, 1}, third.join()[1]);
    assertEquals(List.of(1, 4), calls);
    assertTrue(ends.contains("3 sequences, 4 tokens"), ends.toString());
  }

  @Test
  void aRequestLargerThanACallIsDivided() throws Exception {
    start(TinyEncoders.withMask(), LIMITS);
    hold();
    var texts = IntStream.range(0, 9).mapToObj(i -> new long[] {i}).toArray(long[][]::new);
    var vectors = scheduler.submit(texts, new Cancellation());
    gate.countDown();
    for (int i = 0; i < texts.length; i++) {
      assertEquals(i, vectors.join()[i][0]);
    }
    assertEquals(List.of(1, 4, 4, 1), calls);
  }

  @Test
  void requestsAreRefusedWhenTheQueueIsFull() throws Exception {
    start(TinyEncoders.withMask(), new EmbeddingLimits(1, 1));
    hold();
    var larger = scheduler.submit(new long[][] {{1}, {2}, {3}}, new Cancellation());
    assertThrows(BusyException.class, () -> submit(4));
    assertEquals(List.of("1 rejected"), ends);
    gate.countDown();
    assertEquals(3, larger.join().length);
  }

  @Test
  void aCancelledRequestLeavesTheQueue() throws Exception {
    start(TinyEncoders.withMask(), LIMITS);
    var first = hold();
    var cancellation = new Cancellation();
    var second = scheduler.submit(new long[][] {{1}, {2}}, cancellation);
    cancellation.cancel();
    gate.countDown();
    assertEquals(CancelledException.class, failure(second).getClass());
    assertEquals(7, first.join()[0][0]);
    assertEquals(List.of(1), calls);
    assertTrue(ends.contains("2 failed: CancelledException"), ends.toString());
  }

  @Test
  void aDeadlineEndsARequest() {
    start(TinyEncoders.withMask(), LIMITS);
    gate.countDown();
    var late = scheduler.submit(new long[][] {{1}}, Cancellation.after(Duration.ZERO));
    assertInstanceOf(DeadlineException.class, failure(late));
  }

  @Test
  void anErrorInOneRequestHasNoEffectOnOthers() throws Exception {
    start(TinyEncoders.logarithms(), LIMITS);
    hold();
    var before = submit(1, 1);
    var wrong = scheduler.submit(new long[][] {{2, 2}, {0, 3}}, new Cancellation());
    var after = submit(3, 3);
    gate.countDown();
    assertArrayEquals(new float[] {1, 0}, before.join()[0]);
    assertEquals(3, after.join()[0][0]);
    assertInstanceOf(RunException.class, failure(wrong));
    assertTrue(ends.contains("2 failed: RunException"), ends.toString());
  }

  @Test
  void wrongRequestsAreRefused() {
    start(TinyEncoders.withMask(), LIMITS);
    assertThrows(RequestException.class, () -> scheduler.submit(new long[0][], new Cancellation()));
    assertThrows(RequestException.class, () -> submit());
    assertThrows(RequestException.class, () -> submit(-1));
  }

  @Test
  void closingWaitsForRequests() throws Exception {
    start(TinyEncoders.withMask(), LIMITS);
    hold();
    var second = submit(1);
    gate.countDown();
    scheduler.close();
    assertTrue(second.isDone());
    assertThrows(ClosedException.class, () -> submit(2));
  }

  @Test
  void closingNowCancelsRequests() throws Exception {
    start(TinyEncoders.withMask(), LIMITS);
    hold();
    var second = submit(1);
    var closing = new Thread(scheduler::closeNow);
    closing.start();
    while (closing.getState() != Thread.State.WAITING) {
      Thread.onSpinWait(); // until all are cancelled, and it waits for the call
    }
    gate.countDown();
    closing.join();
    assertInstanceOf(CancelledException.class, failure(second));
  }
}
