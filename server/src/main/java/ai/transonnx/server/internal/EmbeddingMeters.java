package ai.transonnx.server.internal;

import ai.transonnx.runtime.CancelledException;
import ai.transonnx.runtime.DeadlineException;
import ai.transonnx.runtime.embedding.EmbeddingMetrics;
import ai.transonnx.runtime.embedding.EmbeddingStatus;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.function.Supplier;

/** The measurements of embeddings, for Prometheus. Threads may share it. */
public final class EmbeddingMeters implements EmbeddingMetrics {
  private final MeterRegistry registry;
  private final DistributionSummary rows;
  private final Timer call;
  private final Counter tokens;

  EmbeddingMeters(MeterRegistry registry) {
    this.registry = registry;
    this.rows =
        DistributionSummary.builder("transonnx.embeddings.rows")
            .publishPercentiles(ServingMetrics.PERCENTILES)
            .register(registry);
    this.call =
        Timer.builder("transonnx.embeddings.call")
            .publishPercentiles(ServingMetrics.PERCENTILES)
            .register(registry);
    this.tokens = registry.counter("transonnx.embeddings.tokens");
  }

  /** Adds the numbers of texts that wait and are computed. */
  public void watch(Supplier<EmbeddingStatus> status) {
    Gauge.builder("transonnx.embeddings.waiting", () -> status.get().waiting()).register(registry);
    Gauge.builder("transonnx.embeddings.computing", () -> status.get().computing())
        .register(registry);
  }

  @Override
  public void onCall(int sequences, long positions, Duration time) {
    rows.record(sequences);
    call.record(time);
  }

  @Override
  public void onFinished(int sequences, long count, Duration time) {
    tokens.increment(count);
    ended("done", sequences);
  }

  @Override
  public void onFailed(int sequences, Throwable failure) {
    if (failure instanceof DeadlineException) {
      ended("deadline", sequences);
    } else {
      ended(failure instanceof CancelledException ? "cancelled" : "failed", sequences);
    }
  }

  @Override
  public void onRejected(int sequences) {
    ended("rejected", sequences);
  }

  private void ended(String end, int sequences) {
    registry.counter("transonnx.embeddings", "end", end).increment(sequences);
  }
}
