package com.example.generation;

import ai.transonnx.runtime.OnnxModel;
import ai.transonnx.runtime.serving.GenerationScheduler;
import ai.transonnx.runtime.serving.SchedulerOptions;
import ai.transonnx.runtime.text.Tokenizer;
import ai.transonnx.runtime.text.Tokenizers;
import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * The model, its tokenizer and its scheduler, which all requests share. Spring closes them in the
 * reverse order, after the web server has stopped.
 */
@Configuration(proxyBeanMethods = false)
class ModelConfiguration {
  @Bean
  OnnxModel model(TransonnxProperties properties) {
    return OnnxModel.load(properties.model());
  }

  @Bean
  Tokenizer tokenizer(OnnxModel model, TransonnxProperties properties) {
    return properties.tokenizer() == null
        ? Tokenizers.of(model)
        : Tokenizers.open(properties.tokenizer(), model.file(), model.metadata());
  }

  /** Streams that are open after the time for a graceful stop end at once. */
  @Bean(destroyMethod = "closeNow")
  GenerationScheduler scheduler(
      OnnxModel model,
      Tokenizer tokenizer,
      MeterRegistry registry,
      TransonnxProperties properties) {
    var options =
        SchedulerOptions.builder()
            .maxRows(properties.maxRows())
            .maxWaiting(properties.maxWaiting())
            .metrics(new GenerationMeters(registry))
            .build();
    return GenerationScheduler.of(model, options);
  }
}
