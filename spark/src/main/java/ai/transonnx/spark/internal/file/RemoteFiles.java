package ai.transonnx.spark.internal.file;

import ai.transonnx.InputException;
import ai.transonnx.format.internal.file.TemporaryFolder;
import ai.transonnx.runtime.ModelFiles;
import ai.transonnx.spark.internal.file.FileLocation.Remote;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.spark.SparkEnv;

/**
 * Files of Hadoop file systems, copied to this node once in a process. The copies are deleted at
 * its end. Threads share them.
 */
public final class RemoteFiles {
  private static final Map<Version, Path> COPIES = new HashMap<>();

  private RemoteFiles() {}

  /** A content of a remote file that can be told from others without reading it. */
  public record Version(String uri, long bytes, long modified) implements java.io.Serializable {}

  /**
   * The version that a file has now.
   *
   * @throws InputException if there is no such file
   */
  public static Version version(Remote file, Configuration configuration) {
    return call(
        file,
        () -> {
          var path = file.path();
          FileStatus status = path.getFileSystem(configuration).getFileStatus(path);
          if (!status.isFile()) {
            throw new InputException(file + ": this is a directory; a file is needed");
          }
          return new Version(file.toString(), status.getLen(), status.getModificationTime());
        });
  }

  /**
   * A copy of a model on this node, with its external weights and its tokenizer beside it.
   *
   * @param expected the version that the driver has seen
   * @throws InputException if it cannot be copied, or has changed
   */
  public static Path model(Remote model, Version expected, Configuration configuration) {
    return copy(
        model,
        expected,
        configuration,
        (source, folder) -> {
          var local = folder.path().resolve(model.path().getName());
          for (var weights : ModelFiles.weights(local)) {
            var target = folder.path().resolve(weights);
            Files.createDirectories(target.getParent());
            copy(source, sibling(model, weights.toString()), folder, weights.toString());
          }
          String tokenizer = ModelFiles.tokenizer(local).getFileName().toString();
          if (source.exists(sibling(model, tokenizer))) {
            copy(source, sibling(model, tokenizer), folder, tokenizer);
          }
        });
  }

  /**
   * A copy of a file on this node.
   *
   * @param expected the version that the driver has seen
   * @throws InputException if it cannot be copied, or has changed
   */
  public static Path file(Remote file, Version expected, Configuration configuration) {
    return copy(file, expected, configuration, (source, folder) -> {});
  }

  /** Copies the files beside a file. */
  private interface Companions {
    void copy(FileSystem source, TemporaryFolder folder) throws IOException;
  }

  private static Path copy(
      Remote file, Version expected, Configuration configuration, Companions companions) {
    synchronized (COPIES) {
      var known = COPIES.get(expected);
      if (known != null && Files.exists(known)) {
        return known;
      }
      check(file, expected, configuration);
      var copied = call(file, () -> copyNow(file, configuration, companions));
      check(file, expected, configuration);
      COPIES.put(expected, copied);
      return copied;
    }
  }

  private static void check(Remote file, Version expected, Configuration configuration) {
    if (!version(file, configuration).equals(expected)) {
      throw new InputException(file + ": has changed since the job was planned; run the job again");
    }
  }

  private static Path copyNow(Remote file, Configuration configuration, Companions companions)
      throws IOException {
    var source = file.path().getFileSystem(configuration);
    var folder = folder();
    try {
      String name = file.path().getName();
      copy(source, file.path(), folder, name);
      companions.copy(source, folder);
      return folder.path().resolve(name);
    } catch (IOException | RuntimeException | Error e) {
      folder.close();
      throw e;
    }
  }

  /** A folder on the disks that Spark's configuration names for its own data. */
  private static TemporaryFolder folder() throws IOException {
    var spark = SparkEnv.get();
    var disks = spark == null ? null : spark.blockManager().diskBlockManager().localDirs();
    return disks == null || disks.length == 0
        ? TemporaryFolder.create()
        : TemporaryFolder.beside(disks[0].toPath().resolve("model"));
  }

  private static void copy(
      FileSystem source, org.apache.hadoop.fs.Path file, TemporaryFolder folder, String name)
      throws IOException {
    try (var in = source.open(file);
        var out = Channels.newOutputStream(folder.create(name))) {
      in.transferTo(out);
    }
  }

  private static org.apache.hadoop.fs.Path sibling(Remote file, String name) {
    return new org.apache.hadoop.fs.Path(file.path().getParent(), name);
  }

  private interface Call<T> {
    T make() throws IOException;
  }

  private static <T> T call(Remote file, Call<T> call) {
    try {
      return call.make();
    } catch (FileNotFoundException e) {
      throw new InputException(file + ": no such file", e);
    } catch (IOException | UncheckedIOException e) {
      throw new InputException(file + ": cannot be read: " + e.getMessage(), e);
    }
  }
}
