package ai.transonnx.export;

import ai.transonnx.architecture.Architecture;
import ai.transonnx.internal.config.Json;
import com.fasterxml.jackson.databind.JsonNode;

/**
 * The origin of a model, for the file's metadata: library, version and configuration.
 *
 * <p>Immutable; threads may share it.
 */
public final class Provenance {
  private final String library;
  private final String version;
  private final String config;

  private Provenance(String library, String version, String config) {
    this.library = library;
    this.version = version;
    this.config = config;
  }

  /** The provenance of an architecture, with its complete configuration. */
  public static Provenance of(Architecture architecture) {
    return of(architecture, architecture.configuration());
  }

  /** The provenance of an architecture, with its configuration as the user wrote it. */
  public static Provenance of(Architecture architecture, JsonNode config) {
    var library = architecture.library();
    return of(library.id(), library.version(), Json.compact(config));
  }

  /**
   * The provenance of a model that no {@link Architecture} describes.
   *
   * @param library the name of the library, such as {@code x-transformers}
   * @param version the version of the library that the graph follows
   * @param config the configuration as JSON
   */
  public static Provenance of(String library, String version, String config) {
    return new Provenance(library, version, config);
  }

  /** The name of the library, such as {@code x-transformers}. */
  public String library() {
    return library;
  }

  /** The version of the library that the graph follows. */
  public String version() {
    return version;
  }

  /** The configuration as compact JSON. */
  public String config() {
    return config;
  }
}
