package ai.transonnx.server.internal;

import ai.transonnx.runtime.generation.FinishReason;
import ai.transonnx.runtime.generation.Generation;
import ai.transonnx.runtime.generation.TokenListener;
import ai.transonnx.runtime.generation.TokenLogProbability;
import ai.transonnx.runtime.internal.RequestFields;
import ai.transonnx.runtime.text.Tokenizer;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One choice of a completion while it is generated. Used by one thread at a time. */
final class Choice implements TokenListener {
  private final int index;
  private final boolean stream;
  private final Consumer<ObjectNode> parts;
  private final Optional<TokenLogprobs> logprobs;
  private final String echoed;
  private boolean isFirst = true;

  /**
   * A choice without text.
   *
   * @param parts receives the parts of a stream; without a stream, {@link #whole} has all
   */
  Choice(int index, CompletionRequest request, Tokenizer tokenizer, Consumer<ObjectNode> parts) {
    var prompt = request.prompt(index);
    this.index = index;
    this.stream = request.stream();
    this.parts = parts;
    this.echoed = request.echo() ? prompt.text(tokenizer) : "";
    this.logprobs =
        request.logprobs().isPresent()
            ? Optional.of(new TokenLogprobs(tokenizer, prompt.text(tokenizer).length()))
            : Optional.empty();
  }

  @Override
  public void onToken(int row, long token) {}

  @Override
  public void onLogProbabilities(
      int row, TokenLogProbability selected, List<TokenLogProbability> most) {
    logprobs.orElseThrow().add(selected, most);
  }

  @Override
  public void onText(int row, String text) {
    if (stream) {
      parts.accept(json(first() + text, null));
    }
  }

  private String first() {
    String text = isFirst ? echoed : "";
    isFirst = false;
    return text;
  }

  /** The last part of a stream. */
  ObjectNode end(Generation result) {
    return json(first(), result.finishReason(0));
  }

  /** The whole choice. */
  ObjectNode whole(Generation result) {
    return json(echoed + result.text(0), result.finishReason(0));
  }

  private ObjectNode json(String text, @Nullable FinishReason reason) {
    var json = RequestFields.JSON.createObjectNode().put("index", index).put("text", text);
    json.set("logprobs", logprobs.map(TokenLogprobs::take).orElse(null));
    json.put(
        "finish_reason", reason == null ? null : reason == FinishReason.STOP ? "stop" : "length");
    return json;
  }
}
