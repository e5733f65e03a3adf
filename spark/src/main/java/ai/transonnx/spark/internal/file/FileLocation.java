package ai.transonnx.spark.internal.file;

import ai.transonnx.runtime.RequestException;
import java.io.File;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.spark.SparkFiles;

/**
 * Where every node finds a file: a path, a file that was added to the application, or a file of a
 * Hadoop file system.
 */
public sealed interface FileLocation extends Serializable {
  /** The scheme of files that were added with {@code ADD FILE} or {@code --files}. */
  String ADDED = "spark-file";

  /** Two letters or more, since one is a drive of Windows. */
  Pattern SCHEME = Pattern.compile("([A-Za-z][A-Za-z0-9+.-]+):(.*)", Pattern.DOTALL);

  /** A file of the node's own file system. */
  record OnNode(String path) implements FileLocation {
    /** The path on this node. */
    public Path local() {
      return Path.of(path);
    }

    @Override
    public String toString() {
      return path;
    }
  }

  /** A file that was added to the application, below its folder of such files. */
  record Added(String name) implements FileLocation {
    /**
     * The path on this node: in the folder of files of the application, or in one of the folders
     * below it, which have the files of sessions.
     */
    public Path local() {
      var file = Path.of(SparkFiles.get(name));
      if (Files.exists(file)) {
        return file;
      }
      var sessions = new File(SparkFiles.getRootDirectory()).listFiles(File::isDirectory);
      return Stream.of(sessions == null ? new File[0] : sessions)
          .map(session -> session.toPath().toAbsolutePath().normalize().resolve(name))
          .filter(Files::exists)
          .findFirst()
          .orElse(file);
    }

    @Override
    public String toString() {
      return ADDED + ":" + name;
    }
  }

  /** A file of a Hadoop file system, such as {@code hdfs} or {@code s3a}. */
  record Remote(String uri) implements FileLocation {
    /** The path as Hadoop names it. */
    org.apache.hadoop.fs.Path path() {
      return new org.apache.hadoop.fs.Path(uri);
    }

    @Override
    public String toString() {
      return uri;
    }
  }

  /**
   * The location that a text names.
   *
   * @param parameter the parameter with the text, for messages
   * @throws RequestException if it names none
   */
  static FileLocation parse(String parameter, String text) {
    try {
      if (text.isEmpty()) {
        throw new IllegalArgumentException("it is empty");
      }
      var scheme = SCHEME.matcher(text);
      if (!scheme.matches()) {
        return new OnNode(Path.of(text).toString());
      }
      return switch (scheme.group(1).toLowerCase(Locale.ROOT)) {
        // As Hadoop writes it: without escapes, and with one slash or three.
        case "file" -> {
          var path = new org.apache.hadoop.fs.Path(text).toUri().getPath();
          yield new OnNode(Path.of(path).toString());
        }
        case ADDED -> new Added(name(scheme.group(2)));
        default -> remote(text);
      };
    } catch (IllegalArgumentException e) {
      throw new RequestException(
          "%s is '%s': %s; give a path, '%s:NAME', or a URI of a Hadoop file system"
              .formatted(parameter, text, e.getMessage(), ADDED));
    }
  }

  private static Remote remote(String text) {
    var remote = new Remote(text);
    remote.path(); // throws if it is malformed
    return remote;
  }

  private static String name(String rest) {
    String name = rest.replaceFirst("^/+", "");
    var path = Path.of(name).normalize();
    if (name.isEmpty() || path.isAbsolute() || path.startsWith("..")) {
      throw new IllegalArgumentException("it names no added file");
    }
    return path.toString();
  }
}
