package ai.transonnx.runtime;

import static ai.transonnx.runtime.Interleavings.explore;
import static ai.transonnx.runtime.Interleavings.threads;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("slow")
class LoopLockInterleavingsTest {
  /** A loop's lock, and the threads that use its buffers. */
  private static final class Buffers {
    private final LoopLock lock = new LoopLock("m");
    private final AtomicBoolean used = new AtomicBoolean();
    private final AtomicInteger uses = new AtomicInteger();
    private final AtomicInteger rejected = new AtomicInteger();
    private final AtomicInteger freed = new AtomicInteger();

    private void use() {
      assertFalse(used.getAndSet(true), "two threads use the buffers");
      assertEquals(0, freed.get(), "buffers are used after they were freed");
      used.set(false);
    }

    private void attempt() {
      try {
        lock.run(this::use);
        uses.incrementAndGet();
      } catch (BusyException | ClosedException e) {
        rejected.incrementAndGet();
      }
    }

    private void close() {
      lock.close(
          () -> {
            assertFalse(used.get(), "buffers are freed while a thread uses them");
            freed.incrementAndGet();
          });
      assertEquals(1, freed.get(), "closed, but not freed");
    }
  }

  @Test
  void oneThreadAtATimeUsesALoopAndOthersFailAtOnce() {
    explore(
        () -> {
          var buffers = new Buffers();
          threads(buffers::attempt, buffers::attempt);
          assertEquals(2, buffers.uses.get() + buffers.rejected.get());
          assertTrue(buffers.uses.get() >= 1, "no thread used the loop");
          buffers.lock.run(buffers::use);
        });
  }

  @Test
  void buffersAreNotFreedWhileAThreadUsesThem() {
    explore(
        () -> {
          var buffers = new Buffers();
          threads(buffers::attempt, buffers::close);
          assertThrows(ClosedException.class, () -> buffers.lock.run(buffers::use));
        });
  }

  @Test
  void twoThreadsThatCloseFreeOnce() {
    explore(
        () -> {
          var buffers = new Buffers();
          threads(buffers::close, buffers::close);
          assertEquals(1, buffers.freed.get());
        });
  }
}
