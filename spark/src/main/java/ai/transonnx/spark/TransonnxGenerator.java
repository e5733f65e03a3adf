package ai.transonnx.spark;

import ai.transonnx.runtime.RequestException;
import ai.transonnx.spark.internal.rows.GenerateTask;
import ai.transonnx.spark.internal.rows.GenerationSettings;
import ai.transonnx.spark.internal.rows.TextTask;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.IntArrayParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.LongParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.param.ParamValidators;
import org.apache.spark.ml.param.StringArrayParam;
import org.apache.spark.ml.util.Identifiable;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;

/**
 * Continues texts with a causal language model. The output is the new text, without the prompt.
 *
 * <pre>{@code
 * Dataset<Row> continued =
 *     new TransonnxGenerator()
 *         .setModelPath("/models/bible.onnx")
 *         .setInputCol("prompt")
 *         .setOutputCol("answer")
 *         .setSeedCol("id")
 *         .setMaxTokens(50)
 *         .setTemperature(0.8)
 *         .transform(prompts);
 * }</pre>
 *
 * <p>Each row has a seed of its own, which is derived from {@code seed} and the row's value in
 * {@code seedCol}, or its prompt. A retry, a speculative copy or another partitioning of the rows
 * therefore draws the same tokens. By default each row is computed in calls of its own ({@link
 * #exact}), because rounding that depends on other rows may decide between two tokens that are
 * almost equally likely.
 *
 * <p>Threads may share it as {@link TextTransformer} describes.
 */
public final class TransonnxGenerator extends TextTransformer<TransonnxGenerator> {
  private static final long serialVersionUID = 1;
  private static final int DEFAULT_MAX_TOKENS = 100;

  private final IntParam maxTokens;
  private final DoubleParam temperature;
  private final IntParam topK;
  private final DoubleParam topP;
  private final DoubleParam minP;
  private final StringArrayParam stop;
  private final IntArrayParam stopTokens;
  private final LongParam seed;
  private final Param<String> seedCol;

  /** A generator with a unique identifier. */
  public TransonnxGenerator() {
    this(Identifiable.randomUID("transonnxGenerator"));
  }

  /** A generator with an identifier, as Spark creates it. */
  public TransonnxGenerator(String uid) {
    super(uid, true);
    maxTokens =
        new IntParam(
            this,
            "maxTokens",
            "the maximum number of new tokens of a row",
            ParamValidators.gtEq(0));
    temperature =
        new DoubleParam(
            this,
            "temperature",
            "the divisor of the logits; 0 selects the most likely token",
            ParamValidators.gtEq(0));
    topK =
        new IntParam(
            this,
            "topK",
            "the number of most likely tokens from which one is drawn; 0 for all",
            ParamValidators.gtEq(0));
    topP =
        new DoubleParam(
            this,
            "topP",
            "the probability of the most likely tokens from which one is drawn; 1 for all",
            ParamValidators.inRange(0, 1, false, true));
    minP =
        new DoubleParam(
            this,
            "minP",
            "the fraction of the likeliest token's probability that a token needs; 0 for none",
            ParamValidators.inRange(0, 1));
    stop =
        new StringArrayParam(this, "stop", "the texts that end a row, which do not belong to it");
    stopTokens = new IntArrayParam(this, "stopTokens", "the tokens that end a row");
    seed = new LongParam(this, "seed", "the seed from which the seed of each row is derived");
    seedCol =
        new Param<>(
            this,
            "seedCol",
            "the column with the key from which the seed of each row is derived; by default the"
                + " text");
    setDefault(maxTokens, DEFAULT_MAX_TOKENS);
    setDefault(temperature, 1.0);
    setDefault(topK, 0);
    setDefault(topP, 1.0);
    setDefault(minP, 0.0);
    setDefault(stop, new String[0]);
    setDefault(stopTokens, new int[0]);
    setDefault(seed, 0L);
  }

  /** The maximum number of new tokens of a row; 100 by default. */
  public IntParam maxTokens() {
    return maxTokens;
  }

  public int getMaxTokens() {
    return (Integer) getOrDefault(maxTokens);
  }

  public TransonnxGenerator setMaxTokens(int value) {
    set(maxTokens, value);
    return this;
  }

  /** The divisor of the logits, 1 by default; 0 selects the most likely token. */
  public DoubleParam temperature() {
    return temperature;
  }

  public double getTemperature() {
    return (Double) getOrDefault(temperature);
  }

  public TransonnxGenerator setTemperature(double value) {
    set(temperature, value);
    return this;
  }

  /** The number of most likely tokens from which one is drawn; 0, the default, for all. */
  public IntParam topK() {
    return topK;
  }

  public int getTopK() {
    return (Integer) getOrDefault(topK);
  }

  public TransonnxGenerator setTopK(int value) {
    set(topK, value);
    return this;
  }

  /** The probability of the most likely tokens from which one is drawn; 1 by default, for all. */
  public DoubleParam topP() {
    return topP;
  }

  public double getTopP() {
    return (Double) getOrDefault(topP);
  }

  public TransonnxGenerator setTopP(double value) {
    set(topP, value);
    return this;
  }

  /** The fraction of the likeliest token's probability that a token needs; 0 by default. */
  public DoubleParam minP() {
    return minP;
  }

  public double getMinP() {
    return (Double) getOrDefault(minP);
  }

  public TransonnxGenerator setMinP(double value) {
    set(minP, value);
    return this;
  }

  /** The texts that end a row. The output ends before them. */
  public StringArrayParam stop() {
    return stop;
  }

  public String[] getStop() {
    return getOrDefault(stop).clone();
  }

  public TransonnxGenerator setStop(String... value) {
    set(stop, value.clone());
    return this;
  }

  /** The tokens that end a row. */
  public IntArrayParam stopTokens() {
    return stopTokens;
  }

  public int[] getStopTokens() {
    return getOrDefault(stopTokens).clone();
  }

  public TransonnxGenerator setStopTokens(int... value) {
    set(stopTokens, value.clone());
    return this;
  }

  /** The seed from which the seed of each row is derived; 0 by default. */
  public LongParam seed() {
    return seed;
  }

  public long getSeed() {
    return (Long) getOrDefault(seed);
  }

  public TransonnxGenerator setSeed(long value) {
    set(seed, value);
    return this;
  }

  /**
   * The column from which the seed of each row is derived: strings or whole numbers. By default,
   * and where it is null, the text is used instead, so that equal texts are continued alike.
   */
  public Param<String> seedCol() {
    return seedCol;
  }

  public String getSeedCol() {
    return getOrDefault(seedCol);
  }

  public TransonnxGenerator setSeedCol(String value) {
    set(seedCol, value);
    return this;
  }

  @Override
  TransonnxGenerator self() {
    return this;
  }

  @Override
  Optional<String> keyCol() {
    return isDefined(seedCol) ? Optional.of(getSeedCol()) : Optional.empty();
  }

  @Override
  DataType outputDataType() {
    return DataTypes.StringType;
  }

  @Override
  TextTask task(TextTask.TextModel text, int windowRows) {
    return new GenerateTask(text, settings(), getExact(), getBatchSize(), windowRows);
  }

  @Override
  void checkSettings() {
    if (getTemperature() == 0 && isDefined(seedCol)) {
      throw new RequestException(
          "temperature is 0, which draws nothing; seedCol has no effect, remove it");
    }
    settings();
  }

  private GenerationSettings settings() {
    return new GenerationSettings(
        getMaxTokens(),
        getTemperature(),
        getTopK(),
        getTopP(),
        getMinP(),
        List.of(getStop()),
        IntStream.of(getStopTokens()).mapToObj(Long::valueOf).collect(Collectors.toSet()),
        getSeed());
  }

  @Override
  public TransonnxGenerator copy(ParamMap extra) {
    return copied(extra);
  }

  /** Reads what {@link #write} has written. */
  public static MLReader<TransonnxGenerator> read() {
    return new TransformerReader<>();
  }

  /** Reads what {@link #save} has written. */
  public static TransonnxGenerator load(String path) {
    return read().load(path);
  }
}
