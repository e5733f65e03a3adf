package com.example.generation;

import ai.transonnx.runtime.generation.Generation;
import ai.transonnx.runtime.generation.TokenListener;
import ai.transonnx.runtime.serving.GenerationTask;
import java.io.IOException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/**
 * The server-sent events of one generation: {@code text} for each piece of whole characters, then
 * {@code end} or {@code error}. Their data are JSON, because a client drops a space that begins
 * plain data.
 */
final class EventStream implements TokenListener {
  /** The data of an event {@code text}. */
  record Text(String text) {}

  /**
   * The data of the event {@code end}.
   *
   * @param reason {@code length}, {@code stop}, {@code deadline} or {@code cancelled}
   * @param tokens the number of new tokens
   * @param seed the seed that generates the same text again; null if nothing was random
   */
  record End(String reason, long tokens, @Nullable Long seed) {}

  /** The client has disconnected; thrown by a listener, it ends the generation. */
  private static final class DisconnectedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    DisconnectedException(Exception cause) {
      super(cause);
    }
  }

  // The scheduler ends a request at its deadline, so the web server has no timeout of its own.
  private final SseEmitter emitter = new SseEmitter(0L);

  SseEmitter emitter() {
    return emitter;
  }

  /** Cancels the task when the client disconnects, and ends the stream when the task ends. */
  void follow(GenerationTask task) {
    emitter.onError(failure -> task.cancel());
    emitter.onCompletion(task::cancel);
    task.future().whenComplete(this::end);
  }

  @Override
  public void onToken(int row, long token) {}

  @Override
  public void onText(int row, String text) {
    send("text", new Text(text));
  }

  private void end(@Nullable Generation generation, @Nullable Throwable failure) {
    try {
      if (generation != null) {
        send("end", end(generation));
      } else if (!(failure instanceof DisconnectedException)) {
        send("error", Problems.of(failure));
      }
      emitter.complete();
    } catch (DisconnectedException e) {
      emitter.completeWithError(e);
    }
  }

  private static End end(Generation generation) {
    var seed = generation.seed();
    return new End(
        generation.finishReason(0).name().toLowerCase(Locale.ROOT),
        generation.size(),
        seed.isPresent() ? seed.getAsLong() : null);
  }

  private void send(String event, Object data) {
    try {
      emitter.send(SseEmitter.event().name(event).data(data, MediaType.APPLICATION_JSON));
    } catch (IOException | IllegalStateException e) { // the latter after the emitter's own end
      throw new DisconnectedException(e);
    }
  }
}
