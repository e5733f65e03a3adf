package ai.transonnx.export.internal.onnx;

import ai.transonnx.InputException;
import ai.transonnx.export.inspect.OnnxSummary;
import ai.transonnx.export.internal.weights.DiskSpace;
import ai.transonnx.format.MetadataKey;
import ai.transonnx.format.internal.file.FileErrors;
import ai.transonnx.format.internal.file.OutputPath;
import ai.transonnx.format.internal.file.PendingFiles;
import ai.transonnx.format.internal.tokenizer.TokenizerFile;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;

/**
 * The names of the files to write.
 *
 * @param model the ONNX file
 * @param tokenizer the content of the tokenizer beside it, if there is one
 */
public record OutputFiles(Path model, Optional<TokenizerFile> tokenizer) {
  private static final String DATA_SUFFIX = ".data";

  /**
   * The output files for a model. Checks that they can be written. Existing files stay until the
   * new ones are complete.
   *
   * @param sources files that must not be overwritten
   * @param tokenizer the content of the tokenizer beside the model
   * @throws InputException if the directory is missing or not writable, or an existing file is a
   *     source or not a plain file
   */
  public static OutputFiles checked(
      Path model, List<Path> sources, Optional<TokenizerFile> tokenizer) {
    var target = new OutputFiles(model, tokenizer);
    target.check(model, sources);
    target.check(target.data(), sources);
    if (tokenizer.isPresent()) {
      target.check(model, List.of(tokenizer.get().path()));
      target.check(target.data(), List.of(tokenizer.get().path()));
      target.check(TokenizerFile.beside(model), sources);
    }
    return target;
  }

  private void check(Path file, List<Path> sources) {
    try {
      var resolved = OutputPath.resolve(file);
      for (var source : sources) {
        if (Files.exists(resolved) && Files.exists(source) && Files.isSameFile(resolved, source)) {
          throw new InputException(
              "%s: cannot be written: %s is one of the files that the model is exported from"
                  .formatted(model, file));
        }
      }
    } catch (IOException e) {
      throw failed(file, e);
    }
  }

  /**
   * Refuses a model for which there is no space. The file that it replaces stays until the model is
   * complete.
   *
   * @param largest the file that has the elements
   * @param bytes of all its files
   */
  void checkSpace(Path largest, long bytes) {
    try {
      DiskSpace.of(OutputPath.resolve(largest).resolveSibling("")).check(bytes);
    } catch (IOException e) {
      throw failed(e);
    }
  }

  /** The external file for elements, beside the model. */
  Path data() {
    return model.resolveSibling(model.getFileName() + DATA_SUFFIX);
  }

  /** The external file's name, relative to the model's directory. */
  String location() {
    return String.valueOf(data().getFileName());
  }

  /** Whether the present file is a model with elements in its external file. */
  boolean hasData() {
    if (!Files.exists(model) || !Files.exists(data())) {
      return false;
    }
    try {
      return OnnxSummary.read(model).graph().initializers().stream()
          .anyMatch(initializer -> initializer.location().equals(Optional.of(location())));
    } catch (InputException e) {
      return false; // not a model, so it has no external file
    }
  }

  /** Writes the tokenizer, if there is one. */
  void writeTokenizer(PendingFiles files) throws IOException {
    if (tokenizer.isPresent()) {
      files.create(TokenizerFile.beside(model)).write(tokenizer.get().content());
    }
  }

  /** The file with the tokenizer of the model that is replaced, if that of the new one does not. */
  Optional<Path> staleTokenizer() {
    var file = TokenizerFile.beside(model);
    if (tokenizer.isPresent() || !Files.exists(model) || !Files.exists(file)) {
      return Optional.empty();
    }
    try {
      var hash = OnnxSummary.read(model).metadata().get(MetadataKey.TOKENIZER_SHA256.key());
      boolean isOfModel = hash != null && hash.equals(TokenizerFile.read(file).sha256());
      return isOfModel ? Optional.of(file) : Optional.empty();
    } catch (InputException e) {
      return Optional.empty(); // not a model, or not its tokenizer
    }
  }

  /** The exception for a failure to write. An interrupt of the thread is a cancellation. */
  RuntimeException failed(IOException cause) {
    return failed(model, cause);
  }

  private static RuntimeException failed(Path file, IOException cause) {
    if (cause instanceof ClosedByInterruptException) {
      var cancelled = new CancellationException(file + ": writing was interrupted");
      cancelled.initCause(cause);
      return cancelled;
    }
    String reason = FileErrors.reason(cause, "its directory is missing");
    return new InputException(file + ": cannot be written: " + reason, cause);
  }
}
