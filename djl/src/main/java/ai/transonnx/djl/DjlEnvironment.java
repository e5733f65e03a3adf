package ai.transonnx.djl;

import ai.djl.engine.Engine;
import ai.transonnx.runtime.internal.EnvironmentSetup;
import java.util.List;

/**
 * DJL's engine insists on making the process's ONNX Runtime environment, so it does before anybody
 * else. DJL is told to stay offline, unless the property {@code ai.djl.offline} says otherwise: its
 * native tokenizers then come out of their jar, never from the network. It does not report its use
 * either, unless {@code OPT_OUT_TRACKING} says that it may.
 */
public final class DjlEnvironment implements EnvironmentSetup {
  static final String ENGINE = "OnnxRuntime";
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
