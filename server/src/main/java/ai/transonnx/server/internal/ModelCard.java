package ai.transonnx.server.internal;

import ai.transonnx.runtime.internal.RequestFields;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;

/**
 * The only model of a server, as clients see it.
 *
 * @param created in seconds since 1970
 */
public record ModelCard(String name, long created) {
  /** A model that is served from now on. */
  public ModelCard(String name) {
    this(name, System.currentTimeMillis() / 1000);
  }

  /**
   * Checks the name in a request; none is right.
   *
   * @throws ApiException if it is that of another model
   */
  void check(Optional<String> asked) {
    if (asked.isPresent() && !asked.get().equals(name)) {
      throw ApiException.unknownModel("this server has one model, '%s'".formatted(name));
    }
  }

  ObjectNode json() {
    return RequestFields.JSON
        .createObjectNode()
        .put("id", name)
        .put("object", "model")
        .put("created", created)
        .put("owned_by", "transonnx");
  }
}
