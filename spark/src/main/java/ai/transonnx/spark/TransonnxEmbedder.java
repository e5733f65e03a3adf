package ai.transonnx.spark;

import ai.transonnx.spark.internal.rows.EmbeddingTask;
import ai.transonnx.spark.internal.rows.EmbeddingTask.Form;
import ai.transonnx.spark.internal.rows.TextTask;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.param.BooleanParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.param.ParamValidators;
import org.apache.spark.ml.util.Identifiable;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;

/**
 * Computes the embeddings of texts, with a model that has the output {@code embeddings} ({@code
 * --outputs embeddings}) or {@code pooled}, or the encoder of an encoder-decoder.
 *
 * <pre>{@code
 * Dataset<Row> embedded =
 *     new TransonnxEmbedder()
 *         .setModelPath("hdfs:///models/encoder.onnx")
 *         .setInputCol("text")
 *         .setOutputCol("features")
 *         .transform(texts);
 * }</pre>
 *
 * <p>Threads may share it as {@link TextTransformer} describes.
 */
public final class TransonnxEmbedder extends TextTransformer<TransonnxEmbedder> {
  private static final long serialVersionUID = 1;

  private final Param<String> outputType;
  private final Param<String> pooling;
  private final BooleanParam normalize;
  private final BooleanParam truncate;

  /** An embedder with a unique identifier. */
  public TransonnxEmbedder() {
    this(Identifiable.randomUID("transonnxEmbedder"));
  }

  /** An embedder with an identifier, as Spark creates it. */
  public TransonnxEmbedder(String uid) {
    super(uid, false);
    outputType =
        new Param<>(
            this,
            "outputType",
            "the type of the output: 'vector' of Spark ML, or 'array' of float",
            ParamValidators.inArray(labels()));
    pooling =
        new Param<>(
            this,
            "pooling",
            "how the embeddings of positions become one vector: 'mean', 'first' or 'last'; by"
                + " default as the model pools itself, or else the mean",
            ParamValidators.inArray(EmbeddingTask.poolings()));
    normalize = new BooleanParam(this, "normalize", "whether vectors have length 1");
    truncate =
        new BooleanParam(
            this, "truncate", "whether a text that is too long for the model is cut at its end");
    setDefault(outputType, Form.VECTOR.label());
    setDefault(normalize, false);
    setDefault(truncate, false);
  }

  private static List<String> labels() {
    return Arrays.stream(Form.values()).map(Form::label).toList();
  }

  /** The type of the output: 'vector' of Spark ML, the default, or 'array' of float. */
  public Param<String> outputType() {
    return outputType;
  }

  public String getOutputType() {
    return getOrDefault(outputType);
  }

  public TransonnxEmbedder setOutputType(String value) {
    set(outputType, value);
    return this;
  }

  /**
   * How the embeddings of positions become one vector: 'mean', 'first' or 'last'. By default, it is
   * the vector that the model itself computes, or else the mean.
   */
  public Param<String> pooling() {
    return pooling;
  }

  public String getPooling() {
    return getOrDefault(pooling);
  }

  public TransonnxEmbedder setPooling(String value) {
    set(pooling, value);
    return this;
  }

  /** Whether vectors have length 1, so that their dot product is their cosine; not by default. */
  public BooleanParam normalize() {
    return normalize;
  }

  public boolean getNormalize() {
    return (Boolean) getOrDefault(normalize);
  }

  public TransonnxEmbedder setNormalize(boolean value) {
    set(normalize, value);
    return this;
  }

  /** Whether a text that is too long for the model is cut at its end, instead of being invalid. */
  public BooleanParam truncate() {
    return truncate;
  }

  public boolean getTruncate() {
    return (Boolean) getOrDefault(truncate);
  }

  public TransonnxEmbedder setTruncate(boolean value) {
    set(truncate, value);
    return this;
  }

  @Override
  TransonnxEmbedder self() {
    return this;
  }

  @Override
  DataType outputDataType() {
    return switch (Form.of(getOutputType())) {
      case VECTOR -> SQLDataTypes.VectorType();
      case ARRAY -> DataTypes.createArrayType(DataTypes.FloatType, false);
    };
  }

  @Override
  TextTask task(TextTask.TextModel text, int windowRows) {
    return new EmbeddingTask(
        text,
        Form.of(getOutputType()),
        isDefined(pooling) ? getPooling() : null,
        getNormalize(),
        getTruncate(),
        rowsPerCall(),
        windowRows);
  }

  @Override
  void checkSettings() {}

  @Override
  public TransonnxEmbedder copy(ParamMap extra) {
    return copied(extra);
  }

  /** Reads what {@link #write} has written. */
  public static MLReader<TransonnxEmbedder> read() {
    return new TransformerReader<>();
  }

  /** Reads what {@link #save} has written. */
  public static TransonnxEmbedder load(String path) {
    return read().load(path);
  }
}
