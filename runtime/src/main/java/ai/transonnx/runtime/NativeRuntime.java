package ai.transonnx.runtime;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession.SessionOptions;
import ai.transonnx.runtime.device.Device;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Pattern;

/** The capabilities of this process's ONNX Runtime, found by loading tiny models. */
public final class NativeRuntime {
  private static final Pattern IR = Pattern.compile("max supported IR version: (\\d+)");
  private static final Pattern OPSET = Pattern.compile("for domain ai\\.onnx is till opset (\\d+)");

  private NativeRuntime() {}

  /**
   * Loads ONNX Runtime, unless it is loaded.
   *
   * @throws DeviceException if it cannot be loaded
   */
  public static void start() {
    NativeEnvironment.get();
  }

  /** The version, such as {@code 1.29.0}; empty if ONNX Runtime cannot be loaded. */
  public static Optional<String> version() {
    try {
      return Optional.of(NativeEnvironment.get().getVersion());
    } catch (DeviceException e) {
      return Optional.empty();
    }
  }

  /** The newest IR version (ONNX file format) that it reads; empty if it does not report one. */
  public static OptionalInt irVersion() {
    return limit(ProbeModel.withFutureIr(), IR);
  }

  /** The newest opset that it supports; empty if it does not report one. */
  public static OptionalInt opset() {
    return limit(ProbeModel.withFutureOpset(), OPSET);
  }

  /** The reason why a device cannot be used here; empty if a model loads on it. */
  public static Optional<DeviceException> problem(Device device) {
    try {
      load(ProbeModel.valid(), device);
      return Optional.empty();
    } catch (DeviceException e) {
      return Optional.of(e);
    } catch (OrtException e) {
      return Optional.of(MissingProvider.exception(device, e));
    }
  }

  private static OptionalInt limit(byte[] future, Pattern message) {
    try {
      load(future, Device.CPU);
      return OptionalInt.empty();
    } catch (DeviceException e) {
      return OptionalInt.empty();
    } catch (OrtException e) {
      var matcher = message.matcher(NativeErrors.line(e));
      return matcher.find()
          ? OptionalInt.of(Integer.parseInt(matcher.group(1)))
          : OptionalInt.empty();
    }
  }

  private static void load(byte[] model, Device device) throws OrtException {
    var environment = NativeEnvironment.get();
    var call = NativeShutdown.enter();
    try (call;
        var settings = new SessionOptions()) {
      settings.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL);
      DeviceSetup.add(device, settings);
      environment.createSession(model, settings).close();
    }
  }
}
