package ai.transonnx.spark.internal.rows;

import ai.transonnx.runtime.Cancellation;
import ai.transonnx.runtime.ModelException;
import ai.transonnx.runtime.RequestException;
import ai.transonnx.runtime.Tensor;
import ai.transonnx.spark.internal.model.SharedModels;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.ml.linalg.Vectors;

/**
 * Computes the embeddings of texts: the mean of output {@code embeddings} over all positions.
 *
 * @param truncates whether a text that is too long is cut at its end
 */
public record EmbeddingTask(
    TextModel text, Form form, boolean truncates, int batchSize, int windowRows)
    implements TextTask {
  private static final String EMBEDDINGS = "embeddings";

  /** The type of the output column. */
  public enum Form {
    /** A vector of Spark ML. */
    VECTOR("vector"),
    /** An array of float. */
    ARRAY("array");

    private final String label;

    Form(String label) {
      this.label = label;
    }

    /** The value of the parameter. */
    public String label() {
      return label;
    }

    /** The form with a label. */
    public static Form of(String label) {
      return Arrays.stream(values()).filter(f -> f.label.equals(label)).findFirst().orElseThrow();
    }
  }

  @Override
  public TextComputation open(SharedModels.Lease lease, Cancellation cancellation) {
    return new Computation(lease, cancellation);
  }

  /**
   * The means over positions.
   *
   * @param embeddings [b, n, d] or [b, d]
   * @return [b, d]
   */
  static double[][] means(Tensor embeddings) {
    long[] shape = embeddings.shape();
    int rows = (int) shape[0];
    int d = (int) shape[shape.length - 1];
    double[] values = embeddings.doubles();
    int positions = values.length / (rows * d);
    var means = new double[rows][d];
    for (int i = 0; i < values.length; i++) {
      means[i / (positions * d)][i % d] += values[i];
    }
    for (var mean : means) {
      Arrays.setAll(mean, i -> mean[i] / positions);
    }
    return means;
  }

  private final class Computation implements TextComputation {
    private final SharedModels.Lease lease;
    private final Cancellation cancellation;
    private final TextCall call;
    private final int longest;

    Computation(SharedModels.Lease lease, Cancellation cancellation) {
      var model = lease.model();
      this.lease = lease;
      this.cancellation = cancellation;
      this.call = new TextCall(model, EMBEDDINGS);
      this.longest = model.metadata().longestCall();
      int rank = call.output().rank();
      if (rank != 2 && rank != 3) {
        throw new ModelException(model.file(), call.output() + " is neither [b, n, d] nor [b, d]");
      }
    }

    @Override
    public List<RowResult> compute(List<TextRow> rows) {
      return new EqualLengths(batchSize).compute(rows, this::tokens, this::values);
    }

    private List<Object> values(long[][] sequences) {
      var values = new ArrayList<Object>();
      for (double[] mean : means(call.call(sequences, cancellation))) {
        values.add(
            switch (form) {
              case VECTOR -> Vectors.dense(mean);
              case ARRAY -> floats(mean);
            });
      }
      return values;
    }

    private float[] floats(double[] values) {
      var floats = new float[values.length];
      for (int i = 0; i < values.length; i++) {
        floats[i] = (float) values[i];
      }
      return floats;
    }

    private long[] tokens(String content) {
      long[] tokens = text.encode(lease, content);
      if (tokens.length == 0 || (tokens.length > longest && !truncates)) {
        throw new RequestException(
            "the text has %s tokens; 1 to %s are possible".formatted(tokens.length, longest));
      }
      return tokens.length > longest ? Arrays.copyOf(tokens, longest) : tokens;
    }

    @Override
    public void close() {
      lease.close();
    }
  }
}
