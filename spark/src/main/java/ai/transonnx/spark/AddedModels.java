package ai.transonnx.spark;

import ai.transonnx.InputException;
import ai.transonnx.format.internal.file.FileErrors;
import ai.transonnx.format.internal.file.PlainFile;
import ai.transonnx.runtime.ModelException;
import ai.transonnx.runtime.ModelFiles;
import ai.transonnx.spark.internal.file.ContentHash;
import ai.transonnx.spark.internal.file.FileLocation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.regex.Pattern;
import org.apache.spark.sql.SparkSession;

/**
 * Files of models that are distributed with a session, for clusters whose nodes share no file
 * system. Any thread may call it.
 *
 * <pre>{@code
 * scorer.setModelPath(AddedModels.add(spark, "bible.onnx")); // spark-file:bible.onnx
 * }</pre>
 */
public final class AddedModels {
  private static final Pattern RESERVED = Pattern.compile("[^A-Za-z0-9%/:._~-]");

  private AddedModels() {}

  /**
   * Adds a model of the driver to the session, with its external weights and its tokenizer, as the
   * SQL command {@code ADD FILE} does. Each executor fetches the files once, of any size, so that
   * they must stay until the session ends. The files of an application are found by their names, so
   * that models need different ones.
   *
   * <p>On a cluster, streams and other sessions have the files only if {@code
   * spark.sql.artifact.isolation.enabled} is false.
   *
   * @param spark the session whose queries use the model
   * @param model the path of an ONNX file on the driver
   * @return the {@code modelPath} of a transformer
   * @throws ModelException if the model cannot be read, or its weights are in a folder below its
   *     own
   * @throws InputException if a file cannot be read, or another one of its name has been added
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
   * Adds a single file of the driver to the session, such as a {@code tokenizer.json}.
   *
   * @return the path for a parameter of a transformer
   * @throws InputException if it cannot be read, or another one of its name has been added
   */
  public static String addFile(SparkSession spark, String file) {
    return addFile(spark, Path.of(file));
  }

  private static String addFile(SparkSession spark, Path file) {
    try {
      PlainFile.check(file);
    } catch (IOException e) {
      throw new InputException(file + ": " + FileErrors.unreadable(e), e);
    }
    var added = new FileLocation.Added(String.valueOf(file.getFileName()));
    var copy = added.local();
    if (Files.exists(copy) && !ContentHash.ofFile(copy).equals(ContentHash.ofFile(file))) {
      throw new InputException(
          "%s: another file of this name was added to the application; give it another name"
              .formatted(file));
    }
    // Queries of a session with its own artifacts do not get what SparkContext.addFile adds.
    spark.sql("ADD FILE '" + uri(file) + "'");
    return added.toString();
  }

  /** A URI without any character that has a meaning in SQL. */
  private static String uri(Path file) {
    return RESERVED
        .matcher(file.toUri().toASCIIString())
        .replaceAll(found -> String.format(Locale.ROOT, "%%%02X", (int) found.group().charAt(0)));
  }
}
