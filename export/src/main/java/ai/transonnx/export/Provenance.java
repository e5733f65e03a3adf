package ai.transonnx.export;

import ai.transonnx.architecture.Architecture;
import ai.transonnx.internal.config.Json;
import com.fasterxml.jackson.databind.JsonNode;

/**
 * Where a model comes from, for the file's metadata.
 *
 * @param library such as {@code x-transformers}
 * @param version the library's version that the graph follows
 * @param config the configuration as compact JSON
 */
public record Provenance(String library, String version, String config) {
  /** An architecture with the configuration that it was made with. */
  public static Provenance of(Architecture architecture) {
    return of(architecture, architecture.configuration());
  }

  /** An architecture with its configuration as a user wrote it. */
  public static Provenance of(Architecture architecture, JsonNode config) {
    var library = architecture.library();
    return new Provenance(library.id(), library.version(), Json.compact(config));
  }
}
