package ai.transonnx.spark;

import ai.transonnx.runtime.RequestException;
import ai.transonnx.spark.internal.file.FileLocation;
import ai.transonnx.spark.internal.file.ModelSource;
import ai.transonnx.spark.internal.file.ModelSource.Kind;
import ai.transonnx.spark.internal.rows.InvalidRows;
import ai.transonnx.spark.internal.rows.TextFunction;
import ai.transonnx.spark.internal.rows.TextTask;
import ai.transonnx.spark.internal.rows.TransformedRows;
import java.util.Arrays;
import java.util.Optional;
import org.apache.spark.ml.Transformer;
import org.apache.spark.ml.param.BooleanParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.param.ParamValidators;
import org.apache.spark.ml.util.MLWritable;
import org.apache.spark.ml.util.MLWriter;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/**
 * Computes a column from a column of texts with a model. The other columns, the order of rows in a
 * partition, and the metadata of columns stay as they are, in streams as well. As with other
 * transformers of Spark, threads may share one, but not while a parameter is set.
 *
 * @param <T> the class itself
 */
public abstract sealed class TextTransformer<T extends TextTransformer<T>> extends Transformer
    implements MLWritable permits TransonnxScorer, TransonnxEmbedder, TransonnxGenerator {
  private static final long serialVersionUID = 1;

  /** Rows that share a call have equal lengths, so a window has many times a batch. */
  private static final int BATCHES_IN_WINDOW = 16;

  private static final int DEFAULT_BATCH_SIZE = 32;

  private final String uid;
  private final Param<String> inputCol;
  private final Param<String> outputCol;
  private final Param<String> errorCol;
  private final Param<String> handleInvalid;
  private final Param<String> modelPath;
  private final Param<String> tokenizerPath;
  private final BooleanParam addSpecialTokens;
  private final BooleanParam exact;
  private final IntParam batchSize;

  /**
   * The copies of model and tokenizer from which this was loaded, while their paths are not set.
   */
  private @Nullable String storedModel;

  private @Nullable String storedTokenizer;

  TextTransformer(String uid, boolean exactByDefault) {
    this.uid = uid;
    inputCol = new Param<>(this, "inputCol", "the column with the texts");
    outputCol = new Param<>(this, "outputCol", "the new column with the results");
    errorCol =
        new Param<>(
            this,
            "errorCol",
            "the new column with the reasons of invalid rows, if handleInvalid is 'keep'");
    handleInvalid =
        new Param<>(
            this,
            "handleInvalid",
            "what happens to a row that has no result: 'error' fails the job, 'skip' drops the"
                + " row, 'keep' makes its output null",
            ParamValidators.inArray(InvalidRows.labels()));
    modelPath =
        new Param<>(
            this,
            "modelPath",
            "the ONNX file: a path that every node has, a URI of a Hadoop file system, or"
                + " spark-file:NAME for a file that was added to the application");
    tokenizerPath =
        new Param<>(
            this,
            "tokenizerPath",
            "the tokenizer.json, named as the model is; by default the one that was exported with"
                + " the model");
    addSpecialTokens =
        new BooleanParam(
            this, "addSpecialTokens", "whether the tokenizer adds its special tokens to each text");
    exact =
        new BooleanParam(
            this,
            "exact",
            "whether each row is computed in calls of its own, without rounding"
                + " that depends on other rows");
    batchSize =
        new IntParam(
            this,
            "batchSize",
            "the maximum number of rows in a call of the model",
            ParamValidators.gtEq(1));
    setDefault(handleInvalid, InvalidRows.ERROR.label());
    setDefault(addSpecialTokens, false);
    setDefault(exact, exactByDefault);
    setDefault(batchSize, DEFAULT_BATCH_SIZE);
  }

  abstract T self();

  /** The type of the output column. */
  abstract DataType outputDataType();

  /** What is computed, after {@link #checkSettings}. */
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

  @Override
  public String uid() {
    return uid;
  }

  /** The column with the texts: a string. */
  public Param<String> inputCol() {
    return inputCol;
  }

  public String getInputCol() {
    return getOrDefault(inputCol);
  }

  public T setInputCol(String value) {
    set(inputCol, value);
    return self();
  }

  /** The new column with the results. */
  public Param<String> outputCol() {
    return outputCol;
  }

  public String getOutputCol() {
    return getOrDefault(outputCol);
  }

  public T setOutputCol(String value) {
    set(outputCol, value);
    return self();
  }

  /** The new column with the reasons of invalid rows; it needs {@code handleInvalid} 'keep'. */
  public Param<String> errorCol() {
    return errorCol;
  }

  public String getErrorCol() {
    return getOrDefault(errorCol);
  }

  public T setErrorCol(String value) {
    set(errorCol, value);
    return self();
  }

  /**
   * What happens to a row that has no result, such as one without a text: 'error', the default,
   * fails the job; 'skip' drops the row; 'keep' makes its output null.
   */
  public Param<String> handleInvalid() {
    return handleInvalid;
  }

  public String getHandleInvalid() {
    return getOrDefault(handleInvalid);
  }

  public T setHandleInvalid(String value) {
    set(handleInvalid, value);
    return self();
  }

  /**
   * The ONNX file: a path that every node has, a URI of a Hadoop file system, or {@code
   * spark-file:NAME} for a file that was added to the session with {@link AddedModels}, or to the
   * application with {@code --files}. Its external weights and its tokenizer are beside it.
   */
  public Param<String> modelPath() {
    return modelPath;
  }

  public String getModelPath() {
    return getOrDefault(modelPath);
  }

  public T setModelPath(String value) {
    set(modelPath, value);
    return self();
  }

  /**
   * The {@code tokenizer.json} of Hugging Face, named as the model is. By default, it is the one
   * that was exported with the model, or bytes. Use it only from a source that you trust.
   */
  public Param<String> tokenizerPath() {
    return tokenizerPath;
  }

  public String getTokenizerPath() {
    return getOrDefault(tokenizerPath);
  }

  public T setTokenizerPath(String value) {
    set(tokenizerPath, value);
    return self();
  }

  /** Whether the tokenizer adds its special tokens to each text; not by default. */
  public BooleanParam addSpecialTokens() {
    return addSpecialTokens;
  }

  public boolean getAddSpecialTokens() {
    return (Boolean) getOrDefault(addSpecialTokens);
  }

  public T setAddSpecialTokens(boolean value) {
    set(addSpecialTokens, value);
    return self();
  }

  /**
   * Whether each row is computed in calls of its own. Its result then does not depend on other rows
   * at all; otherwise products of several rows may be rounded in another way.
   */
  public BooleanParam exact() {
    return exact;
  }

  public boolean getExact() {
    return (Boolean) getOrDefault(exact);
  }

  public T setExact(boolean value) {
    set(exact, value);
    return self();
  }

  /** The maximum number of rows in a call of the model, unless {@link #exact}; 32 by default. */
  public IntParam batchSize() {
    return batchSize;
  }

  public int getBatchSize() {
    return (Integer) getOrDefault(batchSize);
  }

  public T setBatchSize(int value) {
    set(batchSize, value);
    return self();
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
    column(schema, "inputCol", required(inputCol)).check(DataTypes.StringType);
    keyCol().ifPresent(name -> column(schema, "seedCol", name).checkKey());
    required(modelPath);
    if (isDefined(errorCol) && invalid() != InvalidRows.KEEP) {
      throw new RequestException(
          "errorCol is set and handleInvalid is '%s'; only 'keep' has a column of reasons"
              .formatted(invalid().label()));
    }
    var result = added(schema, "outputCol", required(outputCol), outputDataType());
    return isDefined(errorCol)
        ? added(result, "errorCol", getErrorCol(), DataTypes.StringType)
        : result;
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
            isDefined(errorCol));
    return withMetadata(dataset.toDF().mapPartitions(plan, Encoders.row(result)), schema);
  }

  /** A column loses its metadata, such as the watermark of a stream, when rows are mapped. */
  private static Dataset<Row> withMetadata(Dataset<Row> rows, StructType schema) {
    if (Arrays.stream(schema.fields()).allMatch(f -> f.metadata().equals(Metadata.empty()))) {
      return rows;
    }
    var columns =
        Arrays.stream(rows.columns())
            .map(
                name -> {
                  var column = functions.col("`" + name.replace("`", "``") + "`");
                  return Arrays.asList(schema.fieldNames()).contains(name)
                      ? column.as(name, schema.apply(name).metadata())
                      : column;
                })
            .toArray(Column[]::new);
    return rows.select(columns);
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
    required(modelPath);
    if (invalid() == InvalidRows.SKIP) {
      throw new RequestException(
          "handleInvalid is 'skip', but a function cannot drop a row; set it to 'keep' or 'error'");
    }
    boolean hasErrors = isDefined(errorCol);
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
    return storedModel == null ? required(modelPath) : storedModel;
  }

  /** Where the tokenizer is read: {@code tokenizerPath}, or the copy from which this was loaded. */
  public Optional<String> tokenizerLocation() {
    if (storedTokenizer != null) {
      return Optional.of(storedTokenizer);
    }
    return isDefined(tokenizerPath) ? Optional.of(getTokenizerPath()) : Optional.empty();
  }

  /** Uses copies of the files until their paths are set. */
  final void useStored(@Nullable String model, @Nullable String tokenizer) {
    this.storedModel = model;
    this.storedTokenizer = tokenizer;
  }

  /** Spark calls this when a parameter is set: the file that it names replaces the stored one. */
  @Override
  public void onParamChange(Param<?> param) {
    if (param.equals(modelPath)) {
      storedModel = null;
    } else if (param.equals(tokenizerPath)) {
      storedTokenizer = null;
    }
  }

  /** Implements {@code copy} of the subclass. */
  final T copied(ParamMap extra) {
    T copy = defaultCopy(extra);
    copy.useStored(
        extra.contains(modelPath) ? null : storedModel,
        extra.contains(tokenizerPath) ? null : storedTokenizer);
    return copy;
  }

  /**
   * Writes the parameters, and copies of the model, its external weights and its tokenizer, to a
   * folder of a Hadoop file system. {@code modelPath} keeps its value; what is read from the folder
   * uses the copies until it is set.
   */
  @Override
  public MLWriter write() {
    return new TransformerWriter(this);
  }

  private InvalidRows invalid() {
    return InvalidRows.of(getHandleInvalid());
  }

  private String required(Param<String> param) {
    if (!isDefined(param)) {
      throw new RequestException("%s is not set: %s".formatted(param.name(), param.doc()));
    }
    return getOrDefault(param);
  }

  /** A column that a parameter names. */
  private record NamedColumn(String parameter, StructField field) {
    void check(DataType type) {
      if (!field.dataType().equals(type)) {
        throw refusal(type.simpleString());
      }
    }

    void checkKey() {
      var type = field.dataType();
      boolean isKey =
          type.equals(DataTypes.StringType)
              || type.equals(DataTypes.LongType)
              || type.equals(DataTypes.IntegerType)
              || type.equals(DataTypes.ShortType)
              || type.equals(DataTypes.ByteType);
      if (!isKey) {
        throw refusal("string or a whole number");
      }
    }

    private RequestException refusal(String expected) {
      return new RequestException(
          "%s is '%s', a column of type %s; its type must be %s"
              .formatted(parameter, field.name(), field.dataType().simpleString(), expected));
    }
  }

  private static NamedColumn column(StructType schema, String parameter, String name) {
    if (!Arrays.asList(schema.fieldNames()).contains(name)) {
      throw new RequestException(
          "%s is '%s'; there is no such column among %s"
              .formatted(parameter, name, Arrays.toString(schema.fieldNames())));
    }
    return new NamedColumn(parameter, schema.apply(name));
  }

  private static StructType added(StructType schema, String parameter, String name, DataType type) {
    if (Arrays.asList(schema.fieldNames()).contains(name)) {
      throw new RequestException(
          "%s is '%s'; this column exists already".formatted(parameter, name));
    }
    return schema.add(name, type, true);
  }
}
