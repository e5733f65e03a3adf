package ai.transonnx.spark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** The driver of {@link ClusterTest}, a process of its own. */
public final class ClusterJob {
  /** Printed after each task of the named computation. */
  static final String TASK_ENDED = "task ended of ";

  static final int SCORED = 100_000;
  static final int CONTINUED = 2_000;
  static final int NEW_TOKENS = 5;

  private static final int PARTITIONS = 24;
  private static final StructType TEXTS =
      new StructType().add("id", DataTypes.LongType).add("text", DataTypes.StringType);

  private ClusterJob() {}

  /** A short text; texts of other ids differ, also in length. */
  static String text(long id) {
    return "the " + Long.toString(id * 7919 % 1_000_003, Character.MAX_RADIX);
  }

  static TransonnxScorer scorer(String model) {
    return new TransonnxScorer().setModelPath(model).setInputCol("text").setOutputCol("output");
  }

  static TransonnxGenerator generator(String model) {
    return new TransonnxGenerator()
        .setModelPath(model)
        .setInputCol("text")
        .setOutputCol("output")
        .setSeedCol("id")
        .setMaxTokens(NEW_TOKENS)
        .setTemperature(0.8);
  }

  /**
   * Scores and continues texts.
   *
   * @param arguments the master, the class path of executors, the model, and the folder for the
   *     files {@code scored} and {@code continued}, with a line for each row
   */
  public static void main(String[] arguments) throws IOException {
    try (var spark = session(arguments[0], arguments[1])) {
      var model = AddedModels.add(spark, arguments[2]);
      var folder = Path.of(arguments[3]);
      write(spark, scorer(model), SCORED, folder.resolve("scored"));
      write(spark, generator(model), CONTINUED, folder.resolve("continued"));
    }
  }

  static SparkSession session(String master, String executorClassPath) {
    return SparkSession.builder()
        .master(master)
        .config("spark.ui.enabled", false)
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.executor.memory", "512m")
        .config("spark.executor.extraClassPath", executorClassPath)
        .config("spark.executorEnv.ORT_DISABLE_TELEMETRY", "1")
        .getOrCreate();
  }

  private static void write(SparkSession spark, TextTransformer<?> transformer, int rows, Path file)
      throws IOException {
    var name = file.getFileName().toString();
    var listener =
        new SparkListener() {
          @Override
          public void onTaskEnd(SparkListenerTaskEnd end) {
            if (end.taskInfo().successful()) {
              System.out.println(TASK_ENDED + name);
            }
          }
        };
    spark.sparkContext().addSparkListener(listener);
    var lines = new ArrayList<String>();
    for (var row : transformer.transform(texts(spark, rows)).collectAsList()) {
      lines.add(row.getLong(0) + "\t" + String.valueOf(row.get(2)).replace("\n", "\\n"));
    }
    spark.sparkContext().removeSparkListener(listener);
    Files.write(file, lines);
  }

  private static Dataset<Row> texts(SparkSession spark, int count) {
    List<Row> rows =
        LongStream.range(0, count).mapToObj(id -> RowFactory.create(id, text(id))).toList();
    return spark.createDataset(rows, Encoders.row(TEXTS)).repartition(PARTITIONS);
  }
}
