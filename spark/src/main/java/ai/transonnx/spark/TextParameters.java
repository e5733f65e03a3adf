package ai.transonnx.spark;

import ai.transonnx.runtime.RequestException;
import ai.transonnx.spark.internal.rows.InvalidRows;
import org.apache.spark.ml.Transformer;
import org.apache.spark.ml.param.BooleanParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamValidators;

/**
 * The parameters that all transformers of texts have.
 *
 * @param <T> the class itself, which setters return
 */
abstract sealed class TextParameters<T extends TextParameters<T>> extends Transformer
    permits TextTransformer {
  private static final long serialVersionUID = 1;
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

  TextParameters(String uid, boolean exactByDefault) {
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
   * The value of a parameter without a default.
   *
   * @throws RequestException if it is not set
   */
  final String required(Param<String> param) {
    if (!isDefined(param)) {
      throw new RequestException("%s is not set: %s".formatted(param.name(), param.doc()));
    }
    return getOrDefault(param);
  }
}
