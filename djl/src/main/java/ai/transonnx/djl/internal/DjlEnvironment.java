package ai.transonnx.djl.internal;

import ai.djl.engine.Engine;
import ai.transonnx.runtime.internal.EnvironmentSetup;
import java.util.List;

/**
 * Lets DJL's engine create the process's ONNX Runtime environment, because the engine fails if the
 * environment exists already. DJL stays offline unless the system property {@code ai.djl.offline}
 * says otherwise: its native tokenizers are then loaded from their jar, never from the network. It
 * does not report its use unless the property {@code OPT_OUT_TRACKING} allows it.
 */
public final class DjlEnvironment implements EnvironmentSetup {
  /** The name of DJL's engine for ONNX Runtime. */
  public static final String ENGINE = "OnnxRuntime";

  private static final List<String> QUIET = List.of("ai.djl.offline", "OPT_OUT_TRACKING");

  @Override
  public void prepare() {
    for (var property : QUIET) {
      if (System.getProperty(property) == null) {
        System.setProperty(property, "true");
      }
    }
    Engine.getEngine(ENGINE);
  }
}
