package ai.transonnx.registry;

import ai.transonnx.config.ConfigException;
import ai.transonnx.internal.config.ConfigReader;
import java.util.Set;
import java.util.TreeSet;

/** The libraries' classes that train another model, or generate with it. Has no state. */
final class TrainingWrappers {
  private static final Set<String> NAMES =
      Set.of(
          "AutoregressiveWrapper",
          "ContinuousAutoregressiveWrapper",
          "DPO",
          "NonAutoregressiveWrapper",
          "RecurrentTrainerWrapper",
          "XLAutoregressiveWrapper",
          "XValAutoregressiveWrapper");

  private TrainingWrappers() {}

  /**
   * Refuses a wrapper.
   *
   * @param classes the classes that a configuration may name
   * @throws ConfigException if the class is a wrapper; the message says what to name instead
   */
  static void check(String className, Set<String> classes) {
    if (NAMES.contains(className)) {
      throw new ConfigException(
          "'%s' is %s, which wraps the model to train it; specify the class of the model that it wraps, with that class's arguments: one of %s"
              .formatted(ConfigReader.CLASS, className, String.join(", ", new TreeSet<>(classes))));
    }
  }
}
