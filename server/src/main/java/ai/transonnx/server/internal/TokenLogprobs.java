package ai.transonnx.server.internal;

import ai.transonnx.runtime.generation.TokenLogProbability;
import ai.transonnx.runtime.internal.RequestFields;
import ai.transonnx.runtime.text.Tokenizer;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** Collects the {@code logprobs} of a choice, in the form of OpenAI's completions. */
final class TokenLogprobs {
  private final Tokenizer tokenizer;
  private ObjectNode json = empty();
  private int offset;

  /** None yet, for a text that begins at {@code offset}, in characters of the prompt and choice. */
  TokenLogprobs(Tokenizer tokenizer, int offset) {
    this.tokenizer = tokenizer;
    this.offset = offset;
  }

  private static ObjectNode empty() {
    var json = RequestFields.JSON.createObjectNode();
    json.putArray("tokens");
    json.putArray("token_logprobs");
    json.putArray("top_logprobs");
    json.putArray("text_offset");
    return json;
  }

  void add(TokenLogProbability selected, List<TokenLogProbability> most) {
    String text = tokenizer.decode(selected.token());
    json.withArray("tokens").add(text);
    json.withArray("token_logprobs").add(selected.logProbability());
    var top = json.withArray("top_logprobs").addObject();
    for (var one : most) {
      top.put(tokenizer.decode(one.token()), one.logProbability());
    }
    json.withArray("text_offset").add(offset);
    offset += text.length();
  }

  /** Those since the last call. */
  ObjectNode take() {
    var taken = json;
    json = empty();
    return taken;
  }
}
