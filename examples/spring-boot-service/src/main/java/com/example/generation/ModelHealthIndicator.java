package com.example.generation;

import ai.transonnx.runtime.serving.GenerationScheduler;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.stereotype.Component;

/** The health component {@code model}: out of service while no further request can wait. */
@Component
class ModelHealthIndicator implements HealthIndicator {
  private final GenerationScheduler scheduler;
  private final TransonnxProperties properties;

  ModelHealthIndicator(GenerationScheduler scheduler, TransonnxProperties properties) {
    this.scheduler = scheduler;
    this.properties = properties;
  }

  @Override
  public Health health() {
    var status = scheduler.status();
    int generating = status.prefilling() + status.decoding();
    boolean full =
        status.waiting() + generating >= properties.maxRows() + (long) properties.maxWaiting();
    return (full ? Health.outOfService() : Health.up())
        .withDetail("file", properties.model().toString())
        .withDetail("generating", generating)
        .withDetail("waiting", status.waiting())
        .build();
  }
}
