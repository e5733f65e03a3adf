package ai.transonnx.server.internal;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Promise;
import org.junit.jupiter.api.Test;

final class ByteBudgetTest {
  private final ByteBudget budget = new ByteBudget(100);

  @Test
  void bytesAreTakenUpToTheLimit() {
    assertTrue(budget.take(60));
    assertFalse(budget.take(41));
    assertTrue(budget.take(40));
    assertTrue(budget.isSpent());
    budget.release(60);
    assertTrue(budget.take(60));
  }

  @Test
  void responsesCountUntilTheyAreSentOrLost() {
    var sent = Promise.<Void>promise();
    var lost = Promise.<Void>promise();
    budget.count(80, sent.future());
    budget.count(80, lost.future());
    assertTrue(budget.isSpent());
    sent.complete();
    assertFalse(budget.isSpent());
    assertFalse(budget.take(21));
    lost.fail("disconnected");
    assertTrue(budget.take(100));
  }
}
