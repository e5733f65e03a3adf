package ai.transonnx.spark.internal.file;

import ai.transonnx.InputException;
import ai.transonnx.spark.internal.file.FileLocation.Added;
import ai.transonnx.spark.internal.file.FileLocation.OnNode;
import ai.transonnx.spark.internal.file.FileLocation.Remote;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.util.SerializableConfiguration;
import org.jspecify.annotations.Nullable;

/**
 * A file as the driver has planned it, for executors to open. A file that the driver can read has a
 * hash, and a remote one a version, so that no executor uses another content.
 *
 * @param location where every node finds it
 * @param kind a model, which has files beside it, or a single file
 * @param sha256 the hash of the content; null if the driver does not have the file
 * @param version the version of a remote file
 * @param configuration the access to a remote file
 */
public record ModelSource(
    FileLocation location,
    Kind kind,
    @Nullable String sha256,
    RemoteFiles.@Nullable Version version,
    @Nullable SerializableConfiguration configuration)
    implements Serializable {

  /** Whether a file has others beside it. */
  public enum Kind {
    /** External weights and a tokenizer are beside it. */
    MODEL,
    /** A single file. */
    FILE
  }

  /**
   * A file on this node.
   *
   * @param sha256 the hash of its content
   */
  public record Local(Path file, String sha256) {}

  /**
   * Plans a file on the driver.
   *
   * @throws InputException if it is a remote file and cannot be read
   */
  public static ModelSource plan(FileLocation location, Kind kind, Configuration configuration) {
    if (location instanceof Remote remote) {
      return new ModelSource(
          remote,
          kind,
          null,
          RemoteFiles.version(remote, configuration),
          new SerializableConfiguration(configuration));
    }
    var file = onThisNode(location);
    // A driver outside of the cluster may lack a file that all executors have.
    return new ModelSource(
        location, kind, Files.exists(file) ? hash(file, kind) : null, null, null);
  }

  /**
   * The file on this node, which is copied here if it is remote.
   *
   * @throws InputException if it is not there, or its content is another than the planned one
   */
  public Local local() {
    if (location instanceof Remote remote) {
      var file = copy(remote);
      return new Local(file, hash(file, kind));
    }
    var file = onThisNode(location);
    if (!Files.exists(file)) {
      throw new InputException(
          "%s: this node has no such file; give a path that every node has, a URI of a Hadoop file system, or %s:NAME after adding the file to this session with AddedModels.add or ADD FILE"
              .formatted(file, FileLocation.ADDED));
    }
    var found = hash(file, kind);
    if (sha256 != null && !sha256.equals(found)) {
      throw new InputException(
          "%s: has the SHA-256 %s on this node; planned was %s".formatted(file, found, sha256));
    }
    return new Local(file, found);
  }

  private Path copy(Remote remote) {
    if (version == null || configuration == null) {
      throw new IllegalStateException(remote + " has not been planned");
    }
    return switch (kind) {
      case MODEL -> RemoteFiles.model(remote, version, configuration.value());
      case FILE -> RemoteFiles.file(remote, version, configuration.value());
    };
  }

  private static Path onThisNode(FileLocation location) {
    if (location instanceof Added added) {
      return added.local();
    }
    if (location instanceof OnNode node) {
      return node.local();
    }
    throw new IllegalStateException(location + " is on no node");
  }

  private static String hash(Path file, Kind kind) {
    return switch (kind) {
      case MODEL -> ContentHash.ofModel(file);
      case FILE -> ContentHash.ofFile(file);
    };
  }
}
