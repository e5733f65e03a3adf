package ai.transonnx.runtime;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtLoggingLevel;
import ai.transonnx.runtime.spi.EnvironmentSetup;
import java.util.ServiceLoader;

/** The process's ONNX Runtime environment; there is only one, whoever makes it. */
final class NativeEnvironment {
  private static final OrtEnvironment ENVIRONMENT = create();

  private NativeEnvironment() {}

  static OrtEnvironment get() {
    return ENVIRONMENT;
  }

  /** An environment that logs nothing: what goes wrong is in the exceptions. */
  private static OrtEnvironment create() {
    var setups =
        ServiceLoader.load(EnvironmentSetup.class, EnvironmentSetup.class.getClassLoader());
    boolean made = false;
    for (var setup : setups) {
      setup.prepare();
      made = true;
    }
    return made
        ? OrtEnvironment.getEnvironment()
        : OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL, "transonnx");
  }
}
