package ai.transonnx.server.internal;

import ai.transonnx.runtime.internal.RequestFields;
import java.util.List;
import java.util.Optional;

/**
 * The body of {@code POST /v1/embeddings}.
 *
 * @param model the name of the model; empty if it was not given
 * @param inputs one or more
 * @param base64 whether vectors are the bytes of float32 numbers, little endian, in Base64
 */
record EmbeddingRequest(Optional<String> model, List<Prompt> inputs, boolean base64) {
  /**
   * Reads a body.
   *
   * @param most the maximum number of inputs
   * @param dimension the number of elements of a vector
   * @throws ApiException if it cannot be honoured
   */
  static EmbeddingRequest read(byte[] body, PromptReader reader, int most, int dimension) {
    var fields = RequestFields.of(body, ApiException::invalid);
    var model = fields.text("model");
    var format = fields.text("encoding_format").orElse("float");
    if (!format.equals("float") && !format.equals("base64")) {
      throw fields.wrong("encoding_format", "'float' or 'base64'");
    }
    fields.only(
        "dimensions", dimension, "must be %s, which the model computes".formatted(dimension));
    fields.text("user");
    var node = fields.node("input");
    fields.end();
    return new EmbeddingRequest(model, reader.read("input", node, most), format.equals("base64"));
  }

  /** The tokens of each input. */
  long[][] tokens() {
    return inputs.stream().map(Prompt::tokens).toArray(long[][]::new);
  }

  /** The number of tokens of all inputs. */
  long tokenCount() {
    return inputs.stream().mapToLong(input -> input.tokens().length).sum();
  }
}
