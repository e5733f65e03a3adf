package com.example.generation;

import ai.transonnx.runtime.Cancellation;
import ai.transonnx.runtime.generation.GenerationRequest;
import ai.transonnx.runtime.serving.GenerationScheduler;
import ai.transonnx.runtime.text.Tokenizer;
import java.util.List;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/** Continues a text, and streams the continuation while it is generated. */
@RestController
class GenerateController {
  private final Tokenizer tokenizer;
  private final GenerationScheduler scheduler;
  private final TransonnxProperties properties;

  GenerateController(
      Tokenizer tokenizer, GenerationScheduler scheduler, TransonnxProperties properties) {
    this.tokenizer = tokenizer;
    this.scheduler = scheduler;
    this.properties = properties;
  }

  /** Returns when the request is accepted; threads of the scheduler send the events. */
  @PostMapping(path = "/generate", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
  SseEmitter generate(@RequestBody GenerateRequest body) {
    var prompt = body.checkedPrompt(properties.maxPromptCharacters());
    var options = body.options(properties.maxTokens());
    var events = new EventStream();
    var request =
        GenerationRequest.builder(tokenizer, List.of(prompt), options).listener(events).build();
    var task = scheduler.submit(request, Cancellation.after(properties.timeout()));
    events.follow(task);
    return events.emitter();
  }
}
