package ai.transonnx.export;

import ai.transonnx.architecture.Architecture;
import ai.transonnx.config.Json;
import com.fasterxml.jackson.databind.JsonNode;

/**
 * Where a model comes from, for the file's metadata.
 *
 * @param library such as {@code x-transformers}
 * @param version the library's version that the graph follows
 * @param config the configuration as compact JSON
 */
public record Origin(String library, String version, String config) {
  /** An architecture with the configuration that it was made with. */
  public static Origin of(Architecture architecture) {
    return of(architecture, architecture.configuration());
  }

  /** An architecture with its configuration as a user wrote it. */
  public static Origin of(Architecture architecture, JsonNode config) {
    var library = architecture.library();
    return new Origin(library.id(), library.version(), Json.compact(config));
  }
}
