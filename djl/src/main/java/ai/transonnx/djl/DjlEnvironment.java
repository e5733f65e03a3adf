package ai.transonnx.djl;

import ai.djl.engine.Engine;
import ai.transonnx.runtime.spi.EnvironmentSetup;

/**
 * DJL's engine insists on making the process's ONNX Runtime environment, so it does before anybody
 * else. DJL is told to stay offline, unless the property {@code ai.djl.offline} says otherwise: its
 * native tokenizers then come out of their jar, never from the network.
 */
public final class DjlEnvironment implements EnvironmentSetup {
  static final String ENGINE = "OnnxRuntime";
  private static final String OFFLINE = "ai.djl.offline";

  @Override
  public void prepare() {
    if (System.getProperty(OFFLINE) == null) {
      System.setProperty(OFFLINE, "true");
    }
    Engine.getEngine(ENGINE);
  }
}
