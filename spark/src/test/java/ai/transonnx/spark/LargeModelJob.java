package ai.transonnx.spark;

import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.Encoders;

/** The driver of {@link LargeModelTest}, a process of its own. */
public final class LargeModelJob {
  static final String RESULT = "result ";

  private LargeModelJob() {}

  /**
   * Prints the embeddings of two texts.
   *
   * @param arguments the master, the class path of executors, and the folder for the model
   */
  public static void main(String[] arguments) throws Exception {
    var model = LargeModel.write(Path.of(arguments[2]));
    try (var spark = ClusterJob.session(arguments[0], arguments[1])) {
      var embedder =
          new TransonnxEmbedder()
              .setModelPath(AddedModels.add(spark, model.toString()))
              .setInputCol("value")
              .setOutputCol("output");
      var texts = spark.createDataset(List.of("az", "ab"), Encoders.STRING()).repartition(2);
      for (var row : embedder.transform(texts).collectAsList()) {
        System.out.println(RESULT + row.getString(0) + " " + row.get(1));
      }
    }
  }
}
