package ai.transonnx.runtime.serving;

import ai.transonnx.runtime.generation.FinishReason;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Metrics whose exceptions are logged. */
record GuardedMetrics(SchedulerMetrics metrics) implements SchedulerMetrics {
  private static final Logger LOG = LoggerFactory.getLogger(GuardedMetrics.class);

  @Override
  public void onStep(int decoded, int prefilled, int waiting, Duration time) {
    call(() -> metrics.onStep(decoded, prefilled, waiting, time));
  }

  @Override
  public void onFirstToken(Duration time) {
    call(() -> metrics.onFirstToken(time));
  }

  @Override
  public void onToken(Duration time) {
    call(() -> metrics.onToken(time));
  }

  @Override
  public void onPrefixReused(int tokens) {
    call(() -> metrics.onPrefixReused(tokens));
  }

  @Override
  public void onFinished(FinishReason reason, int promptTokens, int newTokens, Duration time) {
    call(() -> metrics.onFinished(reason, promptTokens, newTokens, time));
  }

  @Override
  public void onFailed(Throwable failure) {
    call(() -> metrics.onFailed(failure));
  }

  @Override
  public void onRejected() {
    call(metrics::onRejected);
  }

  private static void call(Runnable report) {
    try {
      report.run();
    } catch (RuntimeException e) {
      LOG.warn("the metrics of a scheduler failed", e);
    }
  }
}
