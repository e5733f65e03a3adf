package ai.transonnx.cli;

import ai.transonnx.InputException;
import ai.transonnx.format.internal.Printable;
import ai.transonnx.format.internal.file.PlainFolder;
import ai.transonnx.registry.Architectures;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;

/** A folder with weights and their configuration, as from a model hub. */
final class HubFolder {
  private static final String CONFIGURATION = "config.json";

  private HubFolder() {}

  /**
   * The configuration beside the weights.
   *
   * @throws InputException if the weights are not a folder, or it has no configuration
   */
  static Path configuration(Path weights) {
    var file = weights.resolve(CONFIGURATION);
    if (!PlainFolder.matches(weights)) {
      throw new InputException(
          "--config is missing; only a folder of weights may have a configuration in it");
    }
    if (!Files.exists(file)) {
      throw new InputException(
          "%s: there is no %s in it; specify the configuration of the class with --config"
              .formatted(weights, CONFIGURATION));
    }
    return file;
  }

  /**
   * Checks that a configuration names its class.
   *
   * @throws InputException if it does not, as those that Hugging Face's libraries write
   */
  static void checkClass(Path file, JsonNode config) {
    if (config.has("class")) {
      return;
    }
    var type = config.path("model_type");
    var fitting = Architectures.fitting(config);
    throw new InputException(
        "%s: it has no 'class'%s%s; add the class and its 'library', or specify another configuration with --config"
            .formatted(
                file,
                type.isTextual()
                    ? " and is of Hugging Face transformers' type '%s'"
                        .formatted(Printable.of(type.asText()))
                    : "",
                fitting.isEmpty() ? "" : "; its keys fit " + String.join(" or ", fitting)));
  }
}
