package ai.transonnx.spark.internal.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Delayed;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SharedPoolTest {
  private static final Duration IDLE = Duration.ofSeconds(60);

  /** Runs tasks when the test lets the time pass. */
  private static final class ManualTimer extends ScheduledThreadPoolExecutor {
    private final List<Task> scheduled = new ArrayList<>();

    ManualTimer() {
      super(0);
    }

    private static final class Task extends FutureTask<Void> implements ScheduledFuture<Void> {
      Task(Runnable command) {
        super(command, null);
      }

      @Override
      public long getDelay(TimeUnit unit) {
        return 0;
      }

      @Override
      public int compareTo(Delayed other) {
        return 0;
      }
    }

    @Override
    public ScheduledFuture<?> schedule(Runnable command, long delay, TimeUnit unit) {
      var task = new Task(command);
      scheduled.add(task);
      return task;
    }

    void passTime() {
      scheduled.forEach(Task::run);
      scheduled.clear();
    }
  }

  private static final class Value implements AutoCloseable {
    boolean closed;

    @Override
    public void close() {
      closed = true;
    }
  }

  private final ManualTimer timer = new ManualTimer();
  private final SharedPool<String, Value> pool = new SharedPool<>(timer);

  @AfterEach
  void stopTimer() {
    timer.shutdownNow();
  }

  @Test
  void callersShareAValueUntilTheLastReturnsIt() {
    var first = pool.acquire("a", Value::new, IDLE);
    var second = pool.acquire("a", Value::new, IDLE);
    assertSame(first.value(), second.value());
    first.close();
    first.close();
    timer.passTime();
    assertFalse(second.value().closed);
    second.close();
    timer.passTime();
    assertTrue(second.value().closed);
    assertEquals(0, pool.size());
  }

  @Test
  void aValueStaysOpenForACallerThatComesInTime() {
    var first = pool.acquire("a", Value::new, IDLE);
    first.close();
    var second = pool.acquire("a", Value::new, IDLE);
    timer.passTime();
    assertSame(first.value(), second.value());
    assertFalse(second.value().closed);
  }

  @Test
  void aFailureIsThatOfAllWaitingCallersAndIsForgotten() {
    assertThrows(
        IllegalStateException.class,
        () ->
            pool.acquire(
                "a",
                () -> {
                  throw new IllegalStateException("no");
                },
                IDLE));
    assertFalse(pool.acquire("a", Value::new, IDLE).value().closed);
  }

  @Test
  void manyThreadsOpenAValueOnce() throws Exception {
    int threads = 8;
    var opened = new AtomicInteger();
    var allWait = new CountDownLatch(threads);
    var leases = new ArrayList<CompletableFuture<SharedPool<String, Value>.Lease>>();
    for (int i = 0; i < threads; i++) {
      var lease = new CompletableFuture<SharedPool<String, Value>.Lease>();
      leases.add(lease);
      new Thread(
              () -> {
                allWait.countDown();
                lease.complete(
                    pool.acquire(
                        "a",
                        () -> {
                          opened.incrementAndGet();
                          awaitAll(allWait);
                          return new Value();
                        },
                        IDLE));
              })
          .start();
    }
    for (var lease : leases) {
      assertSame(leases.get(0).get().value(), lease.get().value());
    }
    assertEquals(1, opened.get());
  }

  private static void awaitAll(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
