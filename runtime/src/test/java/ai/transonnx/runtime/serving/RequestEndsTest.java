package ai.transonnx.runtime.serving;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.transonnx.format.MetadataKey;
import ai.transonnx.runtime.BusyException;
import ai.transonnx.runtime.Cancellation;
import ai.transonnx.runtime.ClosedException;
import ai.transonnx.runtime.InferenceException;
import ai.transonnx.runtime.OnnxModel;
import ai.transonnx.runtime.RunException;
import ai.transonnx.runtime.TinyModel;
import ai.transonnx.runtime.TinyModels;
import ai.transonnx.runtime.generation.FinishReason;
import ai.transonnx.runtime.generation.GenerationOptions;
import ai.transonnx.runtime.generation.GenerationRequest;
import ai.transonnx.runtime.generation.TokenListener;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** How scheduled requests end, and that others do not notice. */
@Timeout(60)
final class RequestEndsTest {
  private static final int UNLIMITED = Integer.MAX_VALUE;

  private final StepGate gate = new StepGate();
  @TempDir private Path folder;
  private OnnxModel model;
  private GenerationScheduler scheduler;

  private void start(TinyModel tiny, SchedulerOptions.Builder options) {
    model = OnnxModel.load(tiny.metadata(MetadataKey.RAGGED, "true").write(folder));
    scheduler = GenerationScheduler.of(model, options.metrics(gate).build());
  }

  private void start(SchedulerOptions.Builder options) {
    start(TinyModels.stateful(), options);
  }

  private void start() {
    start(SchedulerOptions.builder());
  }

  @AfterEach
  void close() {
    gate.open();
    scheduler.closeNow();
    model.close();
  }

  private static GenerationRequest.Builder request(int length, long... prompt) {
    var options = GenerationOptions.builder(length).greedy().build();
    return GenerationRequest.builder(new long[][] {prompt}, options);
  }

  private GenerationTask submit(int length, long... prompt) {
    return scheduler.submit(request(length, prompt).build());
  }

  private GenerationTask submit(TokenListener listener, int length, long... prompt) {
    return scheduler.submit(request(length, prompt).listener(listener).build());
  }

  private static void assertGreedy(GenerationTask task, int length, long... prompt) {
    var generation = task.join();
    assertArrayEquals(TinyModels.greedy(UNLIMITED, length, prompt), generation.tokens(0));
    assertEquals(FinishReason.LENGTH, generation.finishReason(0));
  }

  @Test
  void aCancelledRequestLeavesBetweenTwoSteps() {
    start();
    var other = submit(9, 1);
    var cancelled = submit(UNLIMITED, 2);
    gate.await();
    gate.next();
    gate.next();
    cancelled.cancel();
    gate.next();
    var generation = cancelled.join();
    assertEquals(FinishReason.CANCELLED, generation.finishReason(0));
    var tokens = generation.tokens(0);
    assertTrue(tokens.length > 1);
    assertArrayEquals(TinyModels.greedy(UNLIMITED, tokens.length, 2), tokens);
    gate.open();
    assertGreedy(other, 9, 1);
  }

  @Test
  void aCancelledFutureEndsItsRequest() {
    start();
    var cancelled = submit(UNLIMITED, 2);
    gate.await();
    cancelled.future().cancel(true);
    gate.next();
    assertEquals(0, scheduler.status().decoding());
    assertThrows(CancellationException.class, cancelled::join);
  }

  @Test
  void aRequestIsCancelledWhileItWaits() {
    start(SchedulerOptions.builder().maxRows(1));
    var other = submit(9, 1);
    gate.await();
    var cancelled = submit(UNLIMITED, 2);
    gate.next();
    assertEquals(1, scheduler.status().waiting());
    cancelled.cancel();
    gate.next();
    assertEquals(0, cancelled.join().size());
    assertEquals(FinishReason.CANCELLED, cancelled.join().finishReason(0));
    assertEquals(0, scheduler.status().waiting());
    gate.open();
    assertGreedy(other, 9, 1);
  }

  @Test
  void aDeadlinePasses() {
    start(SchedulerOptions.builder().maxRows(1));
    var deadline = Cancellation.after(Duration.ofNanos(1));
    var running = scheduler.submit(request(UNLIMITED, 1).build(), deadline);
    var waiting = scheduler.submit(request(UNLIMITED, 2).build(), deadline);
    gate.open();
    assertEquals(FinishReason.DEADLINE, running.join().finishReason(0));
    assertEquals(FinishReason.DEADLINE, waiting.join().finishReason(0));
  }

  @Test
  void aFullQueueRefusesRequests() {
    start(SchedulerOptions.builder().maxRows(1).maxWaiting(1));
    var first = submit(3, 1);
    gate.await();
    var second = submit(3, 2);
    var busy = assertThrows(BusyException.class, () -> submit(3, 3));
    assertEquals(
        model.file() + ": busy: 2 requests have not ended, and 2 are possible", busy.getMessage());
    gate.open();
    assertGreedy(first, 3, 1);
    assertGreedy(second, 3, 2);
    assertGreedy(submit(3, 3), 3, 3);
  }

  @Test
  void requestsAreAdmittedInOrderOfArrival() {
    start(SchedulerOptions.builder().maxRows(1));
    var first = submit(2, 1);
    gate.await();
    var second = submit(UNLIMITED, 2);
    var third = submit(UNLIMITED, 3);
    while (!first.future().isDone()) {
      gate.next();
    }
    gate.next();
    second.cancel();
    third.cancel();
    gate.open();
    assertTrue(second.join().size() > 0);
    assertEquals(0, third.join().size());
  }

  @Test
  void closingFinishesAllRequests() {
    start(SchedulerOptions.builder().maxRows(2));
    gate.open();
    var tasks = new GenerationTask[5];
    Arrays.setAll(tasks, i -> submit(20, i));
    scheduler.close();
    for (int i = 0; i < tasks.length; i++) {
      assertGreedy(tasks[i], 20, i);
    }
    var closed = assertThrows(ClosedException.class, () -> submit(1, 1));
    assertEquals(model.file() + ": the scheduler is closed", closed.getMessage());
    scheduler.close();
  }

  @Test
  void closingAtOnceEndsAllRequests() {
    start(SchedulerOptions.builder().maxRows(2));
    var running = submit(UNLIMITED, 1);
    var other = submit(UNLIMITED, 2);
    var waiting = submit(UNLIMITED, 3);
    gate.await();
    gate.open();
    scheduler.closeNow();
    for (var task : new GenerationTask[] {running, other, waiting}) {
      assertEquals(FinishReason.CANCELLED, task.join().finishReason(0));
    }
    assertTrue(running.join().size() > 0);
  }

  @Test
  void aListenerThatThrowsFailsItsRequestOnly() {
    start();
    var thrown = new IllegalStateException("of the listener");
    TokenListener listener =
        (row, token) -> {
          throw thrown;
        };
    var failed = submit(listener, UNLIMITED, 2);
    var other = submit(9, 1);
    gate.open();
    assertSame(thrown, assertThrows(IllegalStateException.class, failed::join));
    assertGreedy(other, 9, 1);
  }

  @Test
  void aListenerThatBlocksDelaysItsRequestOnly() {
    start(SchedulerOptions.builder().maxRows(1).maxWaiting(1));
    var released = new CountDownLatch(1);
    var received = new AtomicInteger();
    TokenListener listener =
        (row, token) -> {
          try {
            released.await();
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
          received.incrementAndGet();
        };
    gate.open();
    var blocked = submit(listener, 5, 2);
    assertGreedy(submit(9, 1), 9, 1);
    assertFalse(blocked.future().isDone());
    var open = submit(UNLIMITED, 3);
    assertThrows(BusyException.class, () -> submit(3, 4));
    open.cancel();
    released.countDown();
    assertGreedy(blocked, 5, 2);
    assertEquals(5, received.get());
  }

  @Test
  void aListenerMayCloseTheScheduler() {
    start();
    gate.open();
    var task = submit((row, token) -> scheduler.close(), 5, 2);
    assertGreedy(task, 5, 2);
  }

  @Test
  void aRejectingExecutorFailsTheRequest() {
    var rejection = new RejectedExecutionException("full");
    start(
        SchedulerOptions.builder()
            .listenerExecutor(
                task -> {
                  throw rejection;
                }));
    gate.open();
    assertSame(
        rejection, assertThrows(RejectedExecutionException.class, () -> submit(5, 2).join()));
  }

  @Test
  void aRowThatFailsInASharedStepFailsAlone() {
    start(TinyModels.failing(), SchedulerOptions.builder());
    var tasks = new GenerationTask[8];
    for (int i = 0; i < tasks.length; i++) {
      tasks[i] = i == 5 ? submit(6, 3, 6) : submit(6, 1, 1); // After a sum of 9, FATAL is selected.
    }
    gate.open();
    for (int i = 0; i < tasks.length; i++) {
      if (i == 5) {
        assertThrows(RunException.class, tasks[i]::join);
      } else {
        assertGreedy(tasks[i], 6, 1, 1);
      }
    }
    assertTrue(gate.rounds().stream().anyMatch(round -> round.decoded() > 4));
  }

  @Test
  void aLogitThatIsNotANumberFailsItsRowOnly() {
    var table = new float[11][11];
    for (int i = 0; i < table.length; i++) {
      table[i][(i + 1) % 11] = 1;
    }
    table[6][0] = Float.NaN;
    start(TinyModels.statefulTable(table), SchedulerOptions.builder());
    var failed = submit(5, 8); // 9 follows, and after the sum of 17, nothing can be selected.
    var other = submit(5, 1);
    var third = submit(5, 3);
    gate.open();
    assertTrue(
        assertThrows(RunException.class, failed::join).getMessage().contains("not a number"));
    assertGreedy(other, 5, 1);
    assertGreedy(third, 5, 3);
  }

  @Test
  void aModelThatIsClosedFailsAllRequests() {
    start();
    var task = submit(UNLIMITED, 1);
    var other = submit(UNLIMITED, 2);
    gate.await();
    model.close();
    gate.open();
    assertThrows(ClosedException.class, task::join);
    assertInstanceOf(InferenceException.class, assertThrows(ClosedException.class, other::join));
  }
}
