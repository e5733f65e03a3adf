package ai.transonnx.server.internal;

import ai.transonnx.runtime.internal.RequestFields;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;

/**
 * The response of {@code POST /v1/embeddings}. It is written without a tree, which would take many
 * times the memory of the vectors.
 *
 * @param model the name of the model
 * @param tokens the number of tokens of all inputs
 * @param base64 whether vectors are the bytes of float32 numbers, little endian, in Base64
 */
record EmbeddingResponse(String model, long tokens, boolean base64) {
  byte[] json(float[][] vectors) {
    var bytes = new ByteArrayOutputStream();
    try (var json = RequestFields.JSON.createGenerator(bytes)) {
      json.writeStartObject();
      json.writeStringField("object", "list");
      json.writeArrayFieldStart("data");
      for (int i = 0; i < vectors.length; i++) {
        json.writeStartObject();
        json.writeStringField("object", "embedding");
        json.writeNumberField("index", i);
        json.writeFieldName("embedding");
        write(json, vectors[i]);
        json.writeEndObject();
      }
      json.writeEndArray();
      json.writeStringField("model", model);
      json.writeObjectFieldStart("usage");
      json.writeNumberField("prompt_tokens", tokens);
      json.writeNumberField("total_tokens", tokens);
      json.writeEndObject();
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e); // The stream is in memory.
    }
    return bytes.toByteArray();
  }

  private void write(JsonGenerator json, float[] vector) throws IOException {
    if (base64) {
      var bytes = ByteBuffer.allocate(vector.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
      bytes.asFloatBuffer().put(vector);
      json.writeString(Base64.getEncoder().encodeToString(bytes.array()));
      return;
    }
    json.writeStartArray();
    for (float x : vector) {
      json.writeNumber(x);
    }
    json.writeEndArray();
  }
}
