package ai.transonnx.spark.internal.rows;

import ai.transonnx.runtime.Cancellation;
import ai.transonnx.runtime.embedding.Embedder;
import ai.transonnx.runtime.embedding.Pooling;
import ai.transonnx.spark.internal.model.SharedModels;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.apache.spark.ml.linalg.Vectors;
import org.jspecify.annotations.Nullable;

/**
 * Computes the embeddings of texts.
 *
 * @param pooling the label of how positions become one vector; null for the model's own way, or
 *     else the mean
 * @param normalizes whether vectors have length 1
 * @param truncates whether a text that is too long is cut at its end
 */
public record EmbeddingTask(
    TextModel text,
    Form form,
    @Nullable String pooling,
    boolean normalizes,
    boolean truncates,
    int batchSize,
    int windowRows)
    implements TextTask {

  /** The type of the output column. */
  public enum Form {
    /** A vector of Spark ML. */
    VECTOR,
    /** An array of float. */
    ARRAY;

    /** The value of the parameter. */
    public String label() {
      return name().toLowerCase(Locale.ROOT);
    }

    /** The form with a label. */
    public static Form of(String label) {
      return valueOf(label.toUpperCase(Locale.ROOT));
    }

    private Object value(float[] vector) {
      return switch (this) {
        case VECTOR ->
            Vectors.dense(IntStream.range(0, vector.length).mapToDouble(i -> vector[i]).toArray());
        case ARRAY -> vector;
      };
    }
  }

  /** The labels of all ways to pool. */
  public static List<String> poolings() {
    return Arrays.stream(Pooling.values()).map(p -> p.name().toLowerCase(Locale.ROOT)).toList();
  }

  @Override
  public TextComputation open(SharedModels.Lease lease, Cancellation cancellation) {
    return new Computation(lease, cancellation);
  }

  private final class Computation implements TextComputation {
    private final SharedModels.Lease lease;
    private final Cancellation cancellation;
    private final Embedder embedder;

    Computation(SharedModels.Lease lease, Cancellation cancellation) {
      var model = lease.model();
      var pooled =
          pooling == null
              ? Embedder.of(model)
              : Embedder.of(model, Pooling.valueOf(pooling.toUpperCase(Locale.ROOT)));
      this.lease = lease;
      this.cancellation = cancellation;
      this.embedder = normalizes ? pooled.normalized() : pooled;
    }

    @Override
    public List<RowResult> compute(List<TextRow> rows) {
      return new EqualLengths(batchSize)
          .compute(
              rows,
              content -> text.encode(lease, content, 1, embedder.maxLength(), truncates),
              sequences ->
                  Arrays.stream(embedder.embed(sequences, cancellation)).map(form::value).toList());
    }

    @Override
    public void close() {
      lease.close();
    }
  }
}
