package ai.transonnx.spark.internal.file;

import ai.transonnx.format.internal.file.PlainFile;
import ai.transonnx.runtime.ModelFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The files of a transformer in the folder to which it is written: {@code model/model.onnx} with
 * the files beside it, and {@code tokenizer/tokenizer.json}.
 */
public final class StoredFiles {
  private static final Logger LOG = LoggerFactory.getLogger(StoredFiles.class);
  private static final String MODEL = "model/model.onnx";
  private static final String TOKENIZER = "tokenizer/tokenizer.json";

  private final Path folder;
  private final Configuration configuration;

  public StoredFiles(Path folder, Configuration configuration) {
    this.folder = folder;
    this.configuration = configuration;
  }

  /** Copies a model of this node, with its external weights and its tokenizer. */
  public void writeModel(java.nio.file.Path model) throws IOException {
    var target = new Path(folder, MODEL);
    write(model, target);
    for (var weights : ModelFiles.weights(model)) {
      var stored = new Path(target.getParent(), weights.toString());
      if (stored.equals(target)) {
        throw new IOException(model + " has weights in a file of the name " + weights);
      }
      write(model.resolveSibling(weights), stored);
    }
    var tokenizer = ModelFiles.tokenizer(model);
    if (Files.exists(tokenizer)) {
      write(tokenizer, beside(target));
    }
  }

  private static Path beside(Path model) {
    var name = ModelFiles.tokenizer(java.nio.file.Path.of(model.getName()));
    return new Path(model.getParent(), name.toString());
  }

  /** Copies a tokenizer of this node. */
  public void writeTokenizer(java.nio.file.Path tokenizer) throws IOException {
    write(tokenizer, new Path(folder, TOKENIZER));
  }

  private void write(java.nio.file.Path file, Path target) throws IOException {
    try (var in = PlainFile.stream(file);
        var out = system().create(target, false)) {
      in.transferTo(out);
    }
  }

  /** The location of the copy of the model, if there is one. */
  public Optional<String> model() throws IOException {
    return location(MODEL);
  }

  /** The location of the copy of the tokenizer, if there is one. */
  public Optional<String> tokenizer() throws IOException {
    return location(TOKENIZER);
  }

  private Optional<String> location(String name) throws IOException {
    var file = system().makeQualified(new Path(folder, name));
    return system().exists(file) ? Optional.of(file.toString()) : Optional.empty();
  }

  /** Deletes the folder after a failure, which is the one to report. */
  public void deleteQuietly() {
    try {
      system().delete(folder, true);
    } catch (IOException e) {
      LOG.warn("{}: incomplete, and cannot be deleted: {}", folder, e.getMessage());
    }
  }

  private FileSystem system() throws IOException {
    return folder.getFileSystem(configuration);
  }
}
