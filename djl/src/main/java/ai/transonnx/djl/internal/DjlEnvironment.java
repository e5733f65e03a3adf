package ai.transonnx.djl.internal;

import ai.djl.engine.Engine;
import ai.transonnx.runtime.internal.EnvironmentSetup;
import java.util.List;

/**
 * Lets DJL's engine create the process's ONNX Runtime environment, because the engine fails if the
 * environment exists already. DJL stays offline unless the system property {@code ai.djl.offline}
 * says otherwise: its native tokenizers are then loaded from their jar, never from the network. It
 * does not report its use unless the property {@code OPT_OUT_TRACKING} allows it. A DJL with a
 * class loader of its own belongs to another program, which has set these.
 */
public final class DjlEnvironment implements EnvironmentSetup {
  /** The name of DJL's engine for ONNX Runtime. */
  public static final String ENGINE = "OnnxRuntime";

  private static final String PROVIDER = "ai.djl.onnxruntime.engine.OrtEngineProvider";
  private static final List<String> QUIET = List.of("ai.djl.offline", "OPT_OUT_TRACKING");

  @Override
  public boolean prepare() {
    if (!hasEngine()) {
      return false;
    }
    if (Engine.class.getClassLoader() == DjlEnvironment.class.getClassLoader()) {
      for (var property : QUIET) {
        if (System.getProperty(property) == null) {
          System.setProperty(property, "true");
        }
      }
    }
    Engine.getEngine(ENGINE);
    return true;
  }

  private static boolean hasEngine() {
    try {
      Class.forName(PROVIDER, false, DjlEnvironment.class.getClassLoader());
      return true;
    } catch (ClassNotFoundException e) {
      return false;
    }
  }
}
