package ai.transonnx.spark;

import ai.transonnx.runtime.RequestException;
import ai.transonnx.spark.internal.file.FileLocation;
import ai.transonnx.spark.internal.file.ModelSource;
import ai.transonnx.spark.internal.file.ModelSource.Kind;
import ai.transonnx.spark.internal.rows.InvalidRows;
import ai.transonnx.spark.internal.rows.TextFunction;
import ai.transonnx.spark.internal.rows.TextTask;
import ai.transonnx.spark.internal.rows.TransformedRows;
import java.util.Optional;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.util.MLWritable;
import org.apache.spark.ml.util.MLWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/**
 * Computes a column from a column of texts with a model. The other columns, the order of rows in a
 * partition, and the metadata of columns stay as they are, in streams as well. As with other
 * transformers of Spark, threads may share one, but not while a parameter is set.
 *
 * @param <T> the class itself
 */
public abstract sealed class TextTransformer<T extends TextTransformer<T>> extends TextParameters<T>
    implements MLWritable permits TransonnxScorer, TransonnxEmbedder, TransonnxGenerator {
  private static final long serialVersionUID = 1;

  /** Rows that share a call have equal lengths, so a window has many times a batch. */
  private static final int BATCHES_IN_WINDOW = 16;

  /**
   * The copies of model and tokenizer from which this was loaded, while their paths are not set.
   */
  private @Nullable String storedModel;

  private @Nullable String storedTokenizer;

  TextTransformer(String uid, boolean exactByDefault) {
    super(uid, exactByDefault);
  }

  /** The type of the output column. */
  abstract DataType outputDataType();

  /** The computation, after {@link #checkSettings}. */
  abstract TextTask task(TextTask.TextModel text, int windowRows);

  /**
   * Checks the parameters of the subclass.
   *
   * @throws RequestException if they contradict each other
   */
  abstract void checkSettings();

  /** The column from which the seeds of rows are derived, if there is one. */
  Optional<String> keyCol() {
    return Optional.empty();
  }

  /**
   * The schema with the new columns.
   *
   * @throws RequestException if a column is missing, exists already, or has another type, or
   *     parameters are missing or contradict each other
   */
  @Override
  public StructType transformSchema(StructType schema) {
    checkSettings();
    var columns = new TextColumns(schema);
    columns.checkText("inputCol", required(inputCol()));
    keyCol().ifPresent(name -> columns.checkKey("seedCol", name));
    required(modelPath());
    if (isDefined(errorCol()) && invalid() != InvalidRows.KEEP) {
      throw new RequestException(
          "errorCol is set and handleInvalid is '%s'; only 'keep' has a column of reasons"
              .formatted(invalid().label()));
    }
    var result = columns.with("outputCol", required(outputCol()), outputDataType());
    return isDefined(errorCol())
        ? result.with("errorCol", getErrorCol(), DataTypes.StringType).schema()
        : result.schema();
  }

  /**
   * Adds the columns. Nothing is computed before Spark needs the rows.
   *
   * @throws RequestException as {@link #transformSchema}
   * @throws ai.transonnx.InputException if the model is on a Hadoop file system that does not have
   *     it
   */
  @Override
  public Dataset<Row> transform(Dataset<?> dataset) {
    var schema = dataset.schema();
    var result = transformSchema(schema);
    var plan =
        new TransformedRows(
            plan(dataset.sparkSession()),
            schema.fieldIndex(getInputCol()),
            keyCol().map(schema::fieldIndex).orElse(-1),
            invalid(),
            isDefined(errorCol()));
    var rows = dataset.toDF().mapPartitions(plan, Encoders.row(result));
    return new TextColumns(schema).withMetadata(rows);
  }

  /**
   * Registers the computation as an SQL function of a text; of a generator with {@code seedCol}, as
   * one of a text and the key of its row. It computes one row at a time, as with {@link #exact}.
   * With {@code errorCol}, it returns a structure of {@code value} and {@code error}.
   *
   * @throws RequestException if {@code handleInvalid} is 'skip', or parameters are missing or
   *     contradict each other
   */
  public void register(SparkSession spark, String name) {
    checkSettings();
    required(modelPath());
    if (invalid() == InvalidRows.SKIP) {
      throw new RequestException(
          "handleInvalid is 'skip', but a function cannot drop a row; set it to 'keep' or 'error'");
    }
    boolean hasErrors = isDefined(errorCol());
    var type =
        hasErrors
            ? new StructType().add("value", outputDataType()).add("error", DataTypes.StringType)
            : outputDataType();
    var function = new TextFunction(plan(spark), invalid(), hasErrors);
    if (keyCol().isPresent()) {
      spark.udf().register(name, (org.apache.spark.sql.api.java.UDF2<?, ?, ?>) function, type);
    } else {
      spark.udf().register(name, (UDF1<?, ?>) function, type);
    }
  }

  private TextTask plan(SparkSession spark) {
    var configuration = spark.sparkContext().hadoopConfiguration();
    var model = FileLocation.parse("modelPath", modelLocation());
    var text =
        new TextTask.TextModel(
            ModelSource.plan(model, Kind.MODEL, configuration),
            tokenizerLocation()
                .map(file -> FileLocation.parse("tokenizerPath", file))
                .map(file -> ModelSource.plan(file, Kind.FILE, configuration))
                .orElse(null),
            getAddSpecialTokens());
    return task(text, rowsPerCall() * BATCHES_IN_WINDOW);
  }

  /** The number of rows in a call. */
  final int rowsPerCall() {
    return getExact() ? 1 : getBatchSize();
  }

  /** Where the model is read: {@code modelPath}, or the copy from which this was loaded. */
  public String modelLocation() {
    return storedModel == null ? required(modelPath()) : storedModel;
  }

  /** Where the tokenizer is read: {@code tokenizerPath}, or the copy from which this was loaded. */
  public Optional<String> tokenizerLocation() {
    if (storedTokenizer != null) {
      return Optional.of(storedTokenizer);
    }
    return isDefined(tokenizerPath()) ? Optional.of(getTokenizerPath()) : Optional.empty();
  }

  /** Uses copies of the files until their paths are set. */
  final void useStored(@Nullable String model, @Nullable String tokenizer) {
    this.storedModel = model;
    this.storedTokenizer = tokenizer;
  }

  /** Spark calls this when a parameter is set: the file that it names replaces the stored one. */
  @Override
  public void onParamChange(Param<?> param) {
    if (param.equals(modelPath())) {
      storedModel = null;
    } else if (param.equals(tokenizerPath())) {
      storedTokenizer = null;
    }
  }

  /** Implements {@code copy} of the subclass. */
  final T copied(ParamMap extra) {
    T copy = defaultCopy(extra);
    copy.useStored(
        extra.contains(modelPath()) ? null : storedModel,
        extra.contains(tokenizerPath()) ? null : storedTokenizer);
    return copy;
  }

  /**
   * Writes the parameters, and copies of the model, its external weights and its tokenizer, to a
   * folder of a Hadoop file system. {@code modelPath} keeps its value; a transformer that is read
   * from the folder uses the copies until it is set.
   */
  @Override
  public MLWriter write() {
    return new TransformerWriter(this);
  }

  private InvalidRows invalid() {
    return InvalidRows.of(getHandleInvalid());
  }
}
