package ai.transonnx.runtime.embedding;

import ai.transonnx.format.ElementType;
import ai.transonnx.format.StateTensor;
import ai.transonnx.runtime.Cancellation;
import ai.transonnx.runtime.ModelException;
import ai.transonnx.runtime.OnnxModel;
import ai.transonnx.runtime.Tensor;
import ai.transonnx.runtime.TensorSpec;
import ai.transonnx.runtime.TokenVocabulary;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * A model from tokens alone to embeddings, and its calls.
 *
 * @param tokens int64 [b, n]
 * @param mask bool [b, n], true for positions that are not padding
 * @param output floating-point [b, n, d], or [b, d] or [b, 1, d] of a model that pools
 */
record EmbeddingModel(
    OnnxModel model, TensorSpec tokens, Optional<TensorSpec> mask, TensorSpec output) {
  private static final List<String> OUTPUTS = List.of("embeddings", "pooled", "encodings");

  /**
   * Checks a model.
   *
   * @throws ModelException if it has other inputs, or no embeddings
   */
  static EmbeddingModel of(OnnxModel model) {
    var signature = model.signature();
    var output =
        OUTPUTS.stream()
            .flatMap(name -> signature.output(name).stream())
            .findFirst()
            .orElseThrow(
                () ->
                    unfit(
                        model,
                        "it has no output 'embeddings'; export it with --outputs embeddings"));
    var tokens =
        Stream.of(OnnxModel.TOKENS, OnnxModel.SOURCE)
            .flatMap(name -> signature.input(name).stream())
            .findFirst()
            .orElseThrow(() -> unfit(model, "it has no input 'tokens'"));
    var mask = signature.input(tokens.name().equals(OnnxModel.SOURCE) ? "src_mask" : "mask");
    var found = new EmbeddingModel(model, tokens, mask, output);
    found.checkInputs();
    found.checkShapes();
    return found;
  }

  private void checkInputs() {
    var others = new TreeMap<>(model.signature().inputs());
    others.remove(tokens.name());
    mask.ifPresent(input -> others.remove(input.name()));
    others.remove(OnnxModel.START);
    model.metadata().state().forEach(pair -> others.remove(pair.input()));
    if (!others.isEmpty()) {
      throw unfit(model, "a text has no values for its inputs " + others.values());
    }
  }

  private void checkShapes() {
    if (tokens.type() != ElementType.INT64 || tokens.rank() != 2) {
      throw unfit(model, tokens + " is not int64 [b, n]");
    }
    if (mask.isPresent()
        && (mask.get().type() != ElementType.BOOL || !mask.get().dims().equals(tokens.dims()))) {
      throw unfit(model, "%s is not bool%s".formatted(mask.get(), tokens.dims()));
    }
    int rank = output.rank();
    boolean isVector =
        output.type().isFloatingPoint()
            && (rank == 2 || rank == 3)
            && output.fixedSize(rank - 1).orElse(0) > 0;
    if (!isVector) {
      throw unfit(model, output + " is not floating-point [b, n, d] or [b, d]");
    }
    if (rank == 3 && output.fixedSize(1).isPresent() && !pools() && tokens.fixedSize(1).isEmpty()) {
      throw unfit(model, output + " has several vectors for each text");
    }
  }

  private static ModelException unfit(OnnxModel model, String why) {
    return new ModelException(model.file(), "this model computes no embeddings of texts: " + why);
  }

  /** Whether the model itself computes one vector for each sequence. */
  boolean pools() {
    return output.rank() == 2
        || (output.fixedSize(1).orElse(0) == 1 && tokens.fixedSize(1).orElse(0) != 1);
  }

  int dimension() {
    return Math.toIntExact(output.fixedSize(output.rank() - 1).orElseThrow());
  }

  TokenVocabulary vocabulary() {
    return tokens.name().equals(OnnxModel.TOKENS)
        ? model.inputVocabulary()
        : model.metadata().vocabulary(tokens.name());
  }

  /** Whether every call has the same number of positions, so that shorter sequences are padded. */
  boolean hasFixedLength() {
    return tokens.fixedSize(1).isPresent();
  }

  /** The minimum number of tokens of a sequence. */
  int shortest() {
    return mask.isPresent() ? 1 : (int) tokens.fixedSize(1).orElse(1);
  }

  /** The maximum number of tokens of a sequence. */
  int longest() {
    var metadata = model.metadata();
    int window =
        tokens.name().equals(OnnxModel.TOKENS)
            ? metadata.longestCall()
            : metadata.maxSourceLength().orElse(Integer.MAX_VALUE);
    return (int) Math.min(window, tokens.fixedSize(1).orElse(Integer.MAX_VALUE));
  }

  /** The number of rows of every call, if it is fixed. */
  int maxRows(int most) {
    return (int) tokens.fixedSize(0).orElse(most);
  }

  /**
   * Runs the model once.
   *
   * @param rows the tokens of each row; of one length, if there is no mask
   * @return a vector for each row of the call, whose batch size may be fixed
   */
  float[][] run(List<long[]> rows, Pooling pooling, Cancellation cancellation) {
    // A model with a fixed batch size computes the last sequence in the rows that are left.
    int count = (int) tokens.fixedSize(0).orElse(rows.size());
    int n = (int) tokens.fixedSize(1).orElse(rows.stream().mapToInt(r -> r.length).max().orElse(1));
    var ids = new long[Math.multiplyExact(count, n)];
    var kept = new boolean[ids.length];
    var lengths = new int[count];
    for (int row = 0; row < count; row++) {
      var sequence = rows.get(Math.min(row, rows.size() - 1));
      lengths[row] = sequence.length;
      System.arraycopy(sequence, 0, ids, row * n, sequence.length);
      Arrays.fill(kept, row * n, row * n + sequence.length, true);
    }
    var inputs = new HashMap<String, Tensor>();
    inputs.put(tokens.name(), Tensor.ofLongs(ids, count, n));
    mask.ifPresent(input -> inputs.put(input.name(), Tensor.ofBooleans(kept, count, n)));
    if (model.signature().input(OnnxModel.START).isPresent()) {
      // No row has padding before it.
      inputs.put(OnnxModel.START, Tensor.zeros(ElementType.INT64, count));
    }
    for (StateTensor pair : model.metadata().state()) {
      inputs.put(pair.input(), Tensor.zeros(pair, count));
    }
    var embeddings =
        model.run(inputs, Set.of(output.name()), cancellation).get(output.name()); // [b, n, d]
    return pools() ? rows(embeddings, count) : pooling.pool(embeddings, lengths);
  }

  private static float[][] rows(Tensor vectors, int count) {
    float[] values = vectors.floats();
    int dim = values.length / count;
    var rows = new float[count][];
    for (int row = 0; row < count; row++) {
      rows[row] = Arrays.copyOfRange(values, row * dim, (row + 1) * dim);
    }
    return rows;
  }
}
