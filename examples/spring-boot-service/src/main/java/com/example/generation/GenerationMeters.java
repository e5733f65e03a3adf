package com.example.generation;

import ai.transonnx.runtime.generation.FinishReason;
import ai.transonnx.runtime.serving.SchedulerMetrics;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.Locale;

/** The scheduler's measurements as Micrometer's meters. */
final class GenerationMeters implements SchedulerMetrics {
  private final MeterRegistry registry;

  GenerationMeters(MeterRegistry registry) {
    this.registry = registry;
  }

  @Override
  public void onStep(int decoded, int prefilled, int waiting, Duration time) {
    registry.timer("transonnx.step").record(time);
    registry.summary("transonnx.step.rows").record(decoded);
  }

  @Override
  public void onFirstToken(Duration time) {
    registry.timer("transonnx.token.first").record(time);
  }

  @Override
  public void onToken(Duration time) {
    registry.timer("transonnx.token.next").record(time);
  }

  @Override
  public void onFinished(FinishReason reason, int prompt, int tokens, Duration time) {
    registry.counter("transonnx.tokens").increment(tokens);
    end(reason.name().toLowerCase(Locale.ROOT));
  }

  @Override
  public void onFailed(Throwable failure) {
    end("failed");
  }

  @Override
  public void onRejected() {
    end("rejected");
  }

  private void end(String reason) {
    registry.counter("transonnx.generations", "end", reason).increment();
  }
}
