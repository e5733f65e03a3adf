package ai.transonnx.spark;

import ai.transonnx.spark.internal.file.StoredFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.hadoop.fs.Path;
import org.apache.spark.ml.util.DefaultParamsReader;
import org.apache.spark.ml.util.MLReader;

/**
 * Reads a transformer, which uses the copies of files that were written with it.
 *
 * @param <T> its class
 */
final class TransformerReader<T extends TextTransformer<T>> extends MLReader<T> {
  @Override
  public T load(String path) {
    T transformer = new DefaultParamsReader<T>().session(sparkSession()).load(path);
    var stored = new StoredFiles(new Path(path), sc().hadoopConfiguration());
    try {
      transformer.useStored(stored.model().orElse(null), stored.tokenizer().orElse(null));
    } catch (IOException e) {
      throw new UncheckedIOException(path + ": cannot be read: " + e.getMessage(), e);
    }
    return transformer;
  }
}
