package ai.transonnx.verification.internal.structure;

import ai.transonnx.InputException;
import ai.transonnx.internal.config.Json;

/** The name of the class in a configuration. */
final class ConfigClass {
  private ConfigClass() {}

  static String of(String config) {
    try {
      return Json.parse(config).path("class").asText("unknown");
    } catch (InputException e) {
      return "unknown";
    }
  }
}
