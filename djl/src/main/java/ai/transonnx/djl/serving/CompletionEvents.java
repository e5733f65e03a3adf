package ai.transonnx.djl.serving;

import ai.transonnx.runtime.generation.FinishReason;
import ai.transonnx.runtime.generation.Generation;
import ai.transonnx.runtime.internal.RequestFields;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The schema of OpenAI's completions: a {@code text_completion}, or server-sent events. */
final class CompletionEvents implements ReplyFormat {
  private final GenerationBody body;
  private final String id = "cmpl-" + UUID.randomUUID();
  private final long created = System.currentTimeMillis() / 1000;

  CompletionEvents(GenerationBody body) {
    this.body = body;
  }

  @Override
  public String contentType() {
    return body.stream() ? "text/event-stream" : "application/json";
  }

  @Override
  public String whole(List<ReplyRow> rows, List<Generation> results) {
    var json = head();
    for (int i = 0; i < rows.size(); i++) {
      var result = results.get(i);
      String text = (body.echo() ? rows.get(i).prompt() : "") + result.text(0);
      choice(json, rows.get(i), text, result.finishReason(0));
    }
    long generated = results.stream().mapToLong(Generation::size).sum();
    int prompts = rows.stream().mapToInt(ReplyRow::promptTokens).sum();
    json.putObject("usage")
        .put("prompt_tokens", prompts)
        .put("completion_tokens", generated)
        .put("total_tokens", prompts + generated);
    return json.toString();
  }

  private ObjectNode head() {
    var json =
        RequestFields.JSON
            .createObjectNode()
            .put("id", id)
            .put("object", "text_completion")
            .put("created", created)
            .put("model", body.model().orElse(null));
    json.putArray("choices");
    return json;
  }

  private static void choice(
      ObjectNode json, ReplyRow row, String text, @Nullable FinishReason reason) {
    json.withArray("choices")
        .addObject()
        .put("index", row.index())
        .put("text", text)
        .putNull("logprobs")
        .put(
            "finish_reason",
            reason == null ? null : reason == FinishReason.STOP ? "stop" : "length");
  }

  @Override
  public String part(ReplyRow row, String text) {
    var json = head();
    choice(json, row, text, null);
    return event(json.toString());
  }

  @Override
  public String lastPart(ReplyRow row, Generation result) {
    var json = head();
    choice(json, row, "", result.finishReason(0));
    return event(json.toString());
  }

  @Override
  public String end() {
    return event("[DONE]");
  }

  @Override
  public String failure(String message) {
    var json = RequestFields.JSON.createObjectNode();
    json.putObject("error").put("message", message).put("type", "server_error");
    return event(json.toString());
  }

  private static String event(String data) {
    return "data: " + data + "\n\n";
  }
}
