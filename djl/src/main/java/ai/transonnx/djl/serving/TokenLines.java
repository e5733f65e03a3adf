package ai.transonnx.djl.serving;

import ai.transonnx.runtime.generation.FinishReason;
import ai.transonnx.runtime.generation.Generation;
import ai.transonnx.runtime.internal.RequestFields;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * The schema of DJL Serving's handlers of language models: {@code generated_text}, or a line of
 * JSON for each token of a stream, of which the last has the whole text.
 */
final class TokenLines implements ReplyFormat {
  private final GenerationBody body;
  private int sent;

  TokenLines(GenerationBody body) {
    this.body = body;
  }

  @Override
  public String contentType() {
    return body.stream() ? "application/jsonlines" : "application/json";
  }

  @Override
  public String whole(List<ReplyRow> rows, List<Generation> results) {
    var list = RequestFields.JSON.createArrayNode();
    for (int i = 0; i < rows.size(); i++) {
      var row = rows.get(i);
      var one = list.addObject();
      finish(one, row, results.get(i));
      if (body.details()) {
        var tokens = one.withObject("details").putArray("tokens");
        row.tokens().forEach(token -> write(tokens, token));
      }
    }
    return (body.isList() ? list : list.get(0)).toString();
  }

  private void finish(ObjectNode json, ReplyRow row, Generation result) {
    json.put("generated_text", (body.echo() ? row.prompt() : "") + result.text(0));
    if (body.details()) {
      json.putObject("details")
          .put("finish_reason", reason(result))
          .put("generated_tokens", result.size())
          .put("inputs", row.prompt());
    }
  }

  private String reason(Generation result) {
    if (result.finishReason(0) != FinishReason.STOP) {
      return "length";
    }
    var tokens = result.tokens(0);
    return body.options().stopTokens().contains(tokens[tokens.length - 1])
        ? "eos_token"
        : "stop_sequence";
  }

  private static void write(ArrayNode tokens, ReplyRow.Token token) {
    write(tokens.addObject(), token, token.text().toString());
  }

  private static void write(ObjectNode json, ReplyRow.Token token, String text) {
    json.put("id", token.id()).put("text", text).put("log_prob", token.logProbability());
  }

  /** The last possible token waits for the end of the text, with which it shares a line. */
  @Override
  public String part(ReplyRow row, String text) {
    return row.tokens().size() < body.options().length() ? lines(row, row.tokens().size()) : "";
  }

  private String lines(ReplyRow row, int end) {
    var lines = new StringBuilder();
    while (sent < end) {
      var json = RequestFields.JSON.createObjectNode();
      var token = row.tokens().get(sent++);
      write(json.putObject("token"), token, token.text().toString());
      lines.append(json).append('\n');
    }
    return lines.toString();
  }

  @Override
  public String lastPart(ReplyRow row, Generation result) {
    int count = row.tokens().size();
    var before = lines(row, count - 1);
    var json = RequestFields.JSON.createObjectNode();
    if (count == 0) {
      json.putNull("token");
    } else {
      var last = row.tokens().get(count - 1);
      write(json.putObject("token"), last, sent == count ? "" : last.text().toString());
    }
    finish(json, row, result);
    return before + json + "\n";
  }

  @Override
  public String end() {
    return "";
  }

  @Override
  public String failure(String message) {
    var json = RequestFields.JSON.createObjectNode();
    json.putObject("token")
        .put("id", -1)
        .put("text", "")
        .put("log_prob", -1)
        .put("special_token", true);
    json.put("generated_text", "").put("error", message);
    json.putObject("details").put("finish_reason", "error");
    return json + "\n";
  }
}
