package ai.transonnx.server.internal;

import ai.transonnx.runtime.generation.FinishReason;
import ai.transonnx.runtime.serving.SchedulerMetrics;
import ai.transonnx.runtime.serving.SchedulerStatus;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.Locale;
import java.util.function.IntSupplier;
import java.util.function.Supplier;

/** The measurements of a server, for Prometheus. Threads may share it. */
public final class ServingMetrics implements SchedulerMetrics {
  static final double[] PERCENTILES = {0.5, 0.95, 0.99};

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final DistributionSummary batch = summary("transonnx.batch.rows");
  private final Timer step = timer("transonnx.step");
  private final Timer firstToken = timer("transonnx.first.token");
  private final Timer nextToken = timer("transonnx.next.token");
  private final Counter promptTokens = registry.counter("transonnx.prompt.tokens");
  private final Counter reusedTokens = registry.counter("transonnx.prompt.tokens.reused");
  private final Counter newTokens = registry.counter("transonnx.tokens");
  private final Counter rejected = registry.counter("transonnx.generations", "end", "rejected");
  private final Counter failed = registry.counter("transonnx.generations", "end", "failed");

  private DistributionSummary summary(String name) {
    return DistributionSummary.builder(name).publishPercentiles(PERCENTILES).register(registry);
  }

  private Timer timer(String name) {
    return Timer.builder(name).publishPercentiles(PERCENTILES).register(registry);
  }

  /** Adds the numbers of texts that wait and are generated. */
  public void watch(Supplier<SchedulerStatus> status) {
    gauge("transonnx.waiting", () -> status.get().waiting());
    gauge("transonnx.prefilling", () -> status.get().prefilling());
    gauge("transonnx.decoding", () -> status.get().decoding());
  }

  /** The measurements of embeddings. */
  public EmbeddingMeters embeddings() {
    return new EmbeddingMeters(registry);
  }

  private void gauge(String name, IntSupplier value) {
    Gauge.builder(name, value::getAsInt).register(registry);
  }

  /** Counts a response. */
  void onResponse(String endpoint, int status, Duration time) {
    registry
        .timer("transonnx.http", "endpoint", endpoint, "status", Integer.toString(status))
        .record(time);
  }

  /** The measurements in the text format of Prometheus. */
  String scrape() {
    return registry.scrape();
  }

  @Override
  public void onStep(int decoded, int prefilled, int waiting, Duration time) {
    if (decoded > 0) {
      batch.record(decoded);
    }
    step.record(time);
  }

  @Override
  public void onFirstToken(Duration time) {
    firstToken.record(time);
    newTokens.increment();
  }

  @Override
  public void onToken(Duration time) {
    nextToken.record(time);
    newTokens.increment();
  }

  @Override
  public void onPrefixReused(int tokens) {
    reusedTokens.increment(tokens);
  }

  @Override
  public void onFinished(FinishReason reason, int prompt, int tokens, Duration time) {
    promptTokens.increment(prompt);
    registry
        .counter("transonnx.generations", "end", reason.name().toLowerCase(Locale.ROOT))
        .increment();
  }

  @Override
  public void onFailed(Throwable failure) {
    failed.increment();
  }

  @Override
  public void onRejected() {
    rejected.increment();
  }
}
