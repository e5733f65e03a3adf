package ai.transonnx.spark;

import ai.transonnx.spark.internal.rows.ScoreTask;
import ai.transonnx.spark.internal.rows.ScoreTask.Score;
import ai.transonnx.spark.internal.rows.TextTask;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.ml.param.BooleanParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.param.ParamValidators;
import org.apache.spark.ml.util.Identifiable;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;

/**
 * Scores texts: how well a language model predicts them, in bits per token by default. Lower is
 * better. The model returns the logits of all positions.
 *
 * <pre>{@code
 * Dataset<Row> scored =
 *     new TransonnxScorer()
 *         .setModelPath("/models/bible.onnx")
 *         .setInputCol("text")
 *         .setOutputCol("bits")
 *         .transform(texts);
 * }</pre>
 *
 * <p>Threads may share it as {@link TextTransformer} describes.
 */
public final class TransonnxScorer extends TextTransformer<TransonnxScorer> {
  private static final long serialVersionUID = 1;

  private final Param<String> score;
  private final BooleanParam truncate;

  /** A scorer with a unique identifier. */
  public TransonnxScorer() {
    this(Identifiable.randomUID("transonnxScorer"));
  }

  /** A scorer with an identifier, as Spark creates it. */
  public TransonnxScorer(String uid) {
    super(uid, false);
    score =
        new Param<>(
            this,
            "score",
            "the output: 'bitsPerToken', a double; 'logLikelihood', a double; or 'tokenBits', an"
                + " array of double with the bits of each token except the first",
            ParamValidators.inArray(labels()));
    truncate =
        new BooleanParam(
            this, "truncate", "whether a text that is too long for the model is cut at its end");
    setDefault(score, Score.BITS_PER_TOKEN.label());
    setDefault(truncate, false);
  }

  private static List<String> labels() {
    return Arrays.stream(Score.values()).map(Score::label).toList();
  }

  /**
   * The output: 'bitsPerToken', the mean of minus the binary logarithm of the probability of each
   * token after the first; 'logLikelihood', the natural logarithm of the probability of all of
   * them; or 'tokenBits', an array with the bits of each.
   */
  public Param<String> score() {
    return score;
  }

  public String getScore() {
    return getOrDefault(score);
  }

  public TransonnxScorer setScore(String value) {
    set(score, value);
    return this;
  }

  /** Whether a text that is too long for the model is cut at its end, instead of being invalid. */
  public BooleanParam truncate() {
    return truncate;
  }

  public boolean getTruncate() {
    return (Boolean) getOrDefault(truncate);
  }

  public TransonnxScorer setTruncate(boolean value) {
    set(truncate, value);
    return this;
  }

  @Override
  TransonnxScorer self() {
    return this;
  }

  @Override
  DataType outputDataType() {
    return Score.of(getScore()) == Score.TOKEN_BITS
        ? DataTypes.createArrayType(DataTypes.DoubleType, false)
        : DataTypes.DoubleType;
  }

  @Override
  TextTask task(TextTask.TextModel text, int windowRows) {
    return new ScoreTask(text, Score.of(getScore()), getTruncate(), rowsPerCall(), windowRows);
  }

  @Override
  void checkSettings() {}

  @Override
  public TransonnxScorer copy(ParamMap extra) {
    return copied(extra);
  }

  /** Reads what {@link #write} has written. */
  public static MLReader<TransonnxScorer> read() {
    return new TransformerReader<>();
  }

  /** Reads what {@link #save} has written. */
  public static TransonnxScorer load(String path) {
    return read().load(path);
  }
}
