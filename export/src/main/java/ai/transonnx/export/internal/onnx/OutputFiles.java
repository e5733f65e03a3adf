package ai.transonnx.export.internal.onnx;

import ai.transonnx.InputException;
import ai.transonnx.export.inspect.OnnxSummary;
import ai.transonnx.export.internal.weights.DiskSpace;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;

/**
 * The names of the files to write.
 *
 * @param model the ONNX file
 */
public record OutputFiles(Path model) {
  private static final String DATA_SUFFIX = ".data";

  /**
   * The output files for a model. Checks that they can be written. Existing files stay until the
   * new ones are complete.
   *
   * @param sources files that must not be overwritten
   * @throws InputException if the directory is missing or not writable, or an existing file is a
   *     source or not a regular file
   */
  public static OutputFiles checked(Path model, List<Path> sources) {
    var target = new OutputFiles(model);
    var directory = model.toAbsolutePath().getParent();
    if (directory == null || Files.isDirectory(model)) {
      throw target.error("is a directory; specify the name of a file");
    }
    if (!Files.isDirectory(directory)) {
      throw target.error(
          Files.exists(directory)
              ? "cannot be written: " + directory + " is not a directory"
              : "cannot be written: there is no directory " + directory + "; create it first");
    }
    if (!Files.isWritable(directory)) {
      throw target.error("cannot be written: no permission to write into " + directory);
    }
    for (var file : new Path[] {model, target.data()}) {
      target.checkReplaceable(file, sources);
    }
    return target;
  }

  private void checkReplaceable(Path file, List<Path> sources) {
    if (!Files.exists(file)) {
      return;
    }
    if (!Files.isRegularFile(file)) {
      throw error("cannot be written: " + file + " exists and is not a regular file");
    }
    try {
      for (var source : sources) {
        if (Files.exists(source) && Files.isSameFile(file, source)) {
          throw error(
              "cannot be written: "
                  + file
                  + " is one of the files that the model is exported from");
        }
      }
    } catch (IOException e) {
      throw failed(e);
    }
  }

  /**
   * Refuses a model for which there is no space. The file that it replaces stays until the model is
   * complete.
   *
   * @param bytes of all its files
   */
  void checkSpace(long bytes) {
    try {
      DiskSpace.check(model.toAbsolutePath().resolveSibling(""), bytes);
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

  /** The exception for a failure to write. An interrupt of the thread is a cancellation. */
  RuntimeException failed(IOException cause) {
    if (cause instanceof ClosedByInterruptException) {
      var cancelled = new CancellationException(model + ": writing was interrupted");
      cancelled.initCause(cause);
      return cancelled;
    }
    String why = cause.getMessage();
    if (cause instanceof AccessDeniedException) {
      why = "no permission";
    } else if (cause instanceof FileSystemException file && file.getReason() != null) {
      why = file.getReason();
    }
    return new InputException(model + ": cannot be written: " + why, cause);
  }

  private InputException error(String problem) {
    return new InputException(model + ": " + problem);
  }
}
