package ai.transonnx.runtime.serving;

import static ai.transonnx.runtime.Interleavings.explore;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.transonnx.runtime.Cancellation;
import ai.transonnx.runtime.generation.TokenListener;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("slow")
class DeliveryInterleavingsTest {
  /** Keeps tokens without a lock. */
  private static final class Collector implements TokenListener {
    private final List<Long> tokens = new ArrayList<>();
    private final AtomicBoolean called = new AtomicBoolean();

    @Override
    public void onToken(int row, long token) {
      assertFalse(called.getAndSet(true), "two threads call the listener");
      tokens.add(token);
      called.set(false);
    }
  }

  @Test
  void theResultArrivesAfterEveryToken() {
    explore(
        () -> {
          var collector = new Collector();
          var ends = new AtomicInteger();
          var task = new GenerationTask(new Cancellation());
          var delivery =
              new Delivery(
                  collector,
                  task,
                  new Cancellation(),
                  work -> new Thread(work).start(),
                  ends::incrementAndGet);
          delivery.onToken(0, 1);
          var reason = new IllegalStateException("the end");
          delivery.fail(reason);
          var failure = task.future().handle((result, e) -> e).join();
          assertEquals(List.of(1L), collector.tokens);
          assertEquals(1, ends.get());
          assertTrue(failure == reason, "another reason");
        });
  }
}
