package ai.transonnx.spark;

import ai.transonnx.runtime.ModelException;
import ai.transonnx.runtime.ModelFiles;
import ai.transonnx.spark.internal.file.FileLocation;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.spark.sql.SparkSession;

/**
 * Files of models that are distributed with an application, for clusters whose nodes share no file
 * system. Any thread may call it.
 *
 * <pre>{@code
 * scorer.setModelPath(AddedModels.add(spark, "bible.onnx")); // spark-file:bible.onnx
 * }</pre>
 */
public final class AddedModels {
  private AddedModels() {}

  /**
   * Adds a model of the driver to the application, with its external weights and its tokenizer, as
   * {@code SparkContext.addFile} does. Each executor fetches the files once, of any size. All files
   * of an application are in one folder, so that models need different names.
   *
   * @param model the path of an ONNX file on the driver
   * @return the {@code modelPath} of a transformer
   * @throws ai.transonnx.runtime.ModelException if the model cannot be read, or its weights are in
   *     a folder below its own
   */
  public static String add(SparkSession spark, String model) {
    var file = Path.of(model);
    for (var weights : ModelFiles.weights(file)) {
      if (weights.getNameCount() > 1) {
        throw new ModelException(
            file,
            "its weights are in %s, and added files are in one folder; save it with weights beside it"
                .formatted(weights));
      }
      addFile(spark, file.resolveSibling(weights));
    }
    var tokenizer = ModelFiles.tokenizer(file);
    if (Files.exists(tokenizer)) {
      addFile(spark, tokenizer);
    }
    return addFile(spark, file);
  }

  /**
   * Adds a single file of the driver to the application, such as a {@code tokenizer.json}.
   *
   * @return the path for a parameter of a transformer
   */
  public static String addFile(SparkSession spark, String file) {
    return addFile(spark, Path.of(file));
  }

  private static String addFile(SparkSession spark, Path file) {
    spark.sparkContext().addFile(file.toAbsolutePath().toString());
    return FileLocation.ADDED + ":" + file.getFileName();
  }
}
