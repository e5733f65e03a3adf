package ai.transonnx.runtime;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class RunGateTest {
  private final List<Thread> threads = new ArrayList<>();

  /** Starts a thread that enters the gate, and returns when it waits. */
  private CompletableFuture<Void> waiting(RunGate gate, Cancellation cancellation, Runnable in) {
    return waiting(
        () -> gate.enter(cancellation),
        () -> {
          in.run();
          gate.leave();
        });
  }

  private CompletableFuture<Void> waiting(Runnable enter, Runnable in) {
    var done = new CompletableFuture<Void>();
    var thread =
        new Thread(
            () -> {
              try {
                enter.run();
                in.run();
                done.complete(null);
              } catch (RuntimeException e) {
                done.completeExceptionally(e);
              }
            });
    threads.add(thread);
    thread.start();
    while (!done.isDone()
        && thread.getState() != Thread.State.WAITING
        && thread.getState() != Thread.State.TIMED_WAITING) {
      Thread.onSpinWait();
    }
    return done;
  }

  private static Throwable failure(CompletableFuture<Void> call) {
    return assertThrows(CompletionException.class, call::join).getCause();
  }

  @AfterEach
  void join() throws InterruptedException {
    for (var thread : threads) {
      thread.join(TimeUnit.SECONDS.toMillis(30));
      assertEquals(Thread.State.TERMINATED, thread.getState());
    }
  }

  @Test
  void waitersAreAdmittedInOrder() {
    var gate = new RunGate("m", RunLimit.atOnce(1));
    gate.enter(new Cancellation());
    var order = Collections.synchronizedList(new ArrayList<Integer>());
    var calls = new ArrayList<CompletableFuture<Void>>();
    for (int i = 0; i < 5; i++) {
      int number = i;
      calls.add(waiting(gate, new Cancellation(), () -> order.add(number)));
    }
    gate.leave();
    calls.forEach(CompletableFuture::join);
    assertEquals(List.of(0, 1, 2, 3, 4), order);
  }

  @Test
  void aFullQueueRejectsNewRuns() {
    var gate = new RunGate("m", RunLimit.of(1, 1));
    gate.enter(new Cancellation());
    var first = waiting(gate, new Cancellation(), () -> {});
    var e = assertThrows(BusyException.class, () -> gate.enter(new Cancellation()));
    assertEquals("m: busy: 1 calls run and 1 wait", e.getMessage());
    gate.leave();
    first.join();
    assertDoesNotThrow(() -> gate.enter(new Cancellation()));
  }

  @Test
  void continuationsWaitEvenIfTheQueueIsFull() {
    var gate = new RunGate("m", RunLimit.of(1, 0));
    gate.enter(new Cancellation());
    var again = waiting(() -> gate.enterAgain(new Cancellation()), gate::leave);
    assertThrows(BusyException.class, () -> gate.enter(new Cancellation()));
    gate.leave();
    again.join();
  }

  @Test
  void cancelledWaitersLeaveTheQueue() {
    var gate = new RunGate("m", RunLimit.of(1, 2));
    gate.enter(new Cancellation());
    var cancellation = new Cancellation();
    var cancelled = waiting(gate, cancellation, () -> {});
    var late = waiting(gate, Cancellation.after(Duration.ofMillis(5)), () -> {});
    assertInstanceOf(DeadlineException.class, failure(late));
    cancellation.cancel();
    assertEquals("m: cancelled", failure(cancelled).getMessage());
    var next = waiting(gate, new Cancellation(), () -> {});
    gate.leave();
    next.join();
  }

  @Test
  void interruptedWaitersLeaveTheQueue() {
    var gate = new RunGate("m", RunLimit.atOnce(1));
    gate.enter(new Cancellation());
    var call = waiting(gate, new Cancellation(), () -> {});
    threads.get(0).interrupt();
    assertInstanceOf(CancelledException.class, failure(call));
  }

  @Test
  void anInterruptedThreadIsNotAdmitted() {
    var gate = new RunGate("m", RunLimit.atOnce(1));
    Thread.currentThread().interrupt();
    try {
      assertThrows(CancelledException.class, () -> gate.enter(new Cancellation()));
    } finally {
      assertTrue(Thread.interrupted(), "the interrupt is still there");
    }
    gate.enter(new Cancellation());
  }

  @Test
  void closingFailsWaitersAndAwaitsRuns() {
    var gate = new RunGate("m", RunLimit.atOnce(1));
    gate.enter(new Cancellation());
    var waits = waiting(gate, new Cancellation(), () -> {});
    var closing = new CompletableFuture<Boolean>();
    var closer = new Thread(() -> closing.complete(gate.close()));
    threads.add(closer);
    closer.start();
    assertInstanceOf(ClosedException.class, failure(waits));
    assertThrows(ClosedException.class, () -> gate.enter(new Cancellation()));
    assertTrue(!closing.isDone(), "closed while one runs");
    gate.leave();
    assertTrue(closing.join(), "the first close");
    assertTrue(!gate.close(), "the second close");
  }

  @Test
  void theLimitScalesWithTheProcessors() {
    assertEquals(Integer.MAX_VALUE, RunLimit.perProcessor(Integer.MAX_VALUE).running());
  }
}
