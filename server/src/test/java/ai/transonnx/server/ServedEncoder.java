package ai.transonnx.server;

import ai.transonnx.architecture.GraphRequest;
import ai.transonnx.runtime.Tensor;
import ai.transonnx.runtime.text.Tokenizer;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;

/** An encoder of letters behind a server. */
abstract class ServedEncoder extends ServedModel {
  static final String PATH = "/v1/embeddings";

  /** The rounding of float32 in the golden cases. */
  static final float ROUNDING = 3e-5f;

  ServedEncoder(ServerOptions.Builder options) {
    super(options);
  }

  @Override
  Path export(Path folder) {
    var request = GraphRequest.builder().inputs("tokens", "mask").outputs("embeddings");
    return export("cases/x-transformers/encoder-mask", request, folder.resolve("encoder.onnx"));
  }

  @Override
  Tokenizer tokenizer() {
    return new Letters();
  }

  /** The embeddings of all positions of one text, by a call of the model. */
  float[][] positions(String text) {
    long[] tokens = new Letters().encode(text);
    var kept = new boolean[tokens.length];
    Arrays.fill(kept, true);
    var inputs =
        Map.of(
            "tokens", Tensor.ofLongs(tokens, 1, tokens.length),
            "mask", Tensor.ofBooleans(kept, 1, tokens.length));
    var embeddings = model.run(inputs).get("embeddings"); // [1, n, d]
    int dim = (int) embeddings.shape()[2];
    float[] values = embeddings.floats();
    var rows = new float[tokens.length][];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = Arrays.copyOfRange(values, i * dim, (i + 1) * dim);
    }
    return rows;
  }

  /** The mean of {@link #positions}. */
  float[] mean(String text) {
    var rows = positions(text);
    var mean = new float[rows[0].length];
    for (var row : rows) {
      for (int i = 0; i < mean.length; i++) {
        mean[i] += row[i] / rows.length;
      }
    }
    return mean;
  }

  /** A vector of a response. */
  static float[] vector(JsonNode response, int index) {
    var values = response.at("/data/%s/embedding".formatted(index));
    var vector = new float[values.size()];
    for (int i = 0; i < vector.length; i++) {
      vector[i] = values.get(i).floatValue();
    }
    return vector;
  }
}
