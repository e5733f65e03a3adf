package ai.transonnx.spark;

import ai.transonnx.spark.internal.file.FileLocation;
import ai.transonnx.spark.internal.file.ModelSource;
import ai.transonnx.spark.internal.file.ModelSource.Kind;
import ai.transonnx.spark.internal.file.StoredFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.hadoop.fs.Path;
import org.apache.spark.ml.util.DefaultParamsWriter;
import org.apache.spark.ml.util.MLWriter;

/** Writes a transformer with copies of its files. */
final class TransformerWriter extends MLWriter {
  private final TextTransformer<?> transformer;

  TransformerWriter(TextTransformer<?> transformer) {
    this.transformer = transformer;
  }

  /** Writes the files before the parameters, so that no incomplete folder can be read. */
  @Override
  public void saveImpl(String path) {
    var configuration = sc().hadoopConfiguration();
    var stored = new StoredFiles(new Path(path), configuration);
    try {
      if (transformer.isDefined(transformer.modelPath())) {
        var model = FileLocation.parse("modelPath", transformer.modelLocation());
        stored.writeModel(ModelSource.plan(model, Kind.MODEL, configuration).local().file());
      }
      var tokenizer = transformer.tokenizerLocation();
      if (tokenizer.isPresent()) {
        var file = FileLocation.parse("tokenizerPath", tokenizer.get());
        stored.writeTokenizer(ModelSource.plan(file, Kind.FILE, configuration).local().file());
      }
      DefaultParamsWriter.saveMetadata(transformer, path, sparkSession());
    } catch (IOException e) {
      stored.deleteQuietly();
      throw new UncheckedIOException(path + ": cannot be written: " + e.getMessage(), e);
    } catch (RuntimeException | Error e) {
      stored.deleteQuietly();
      throw e;
    }
  }
}
