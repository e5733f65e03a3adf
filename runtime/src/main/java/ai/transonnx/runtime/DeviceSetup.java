package ai.transonnx.runtime;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession.SessionOptions;
import ai.onnxruntime.providers.OrtCUDAProviderOptions;
import ai.onnxruntime.providers.OrtTensorRTProviderOptions;
import ai.transonnx.runtime.device.Device;
import ai.transonnx.runtime.device.Provider;
import java.util.Map;

/** Adds the provider of a device to the options of a session. */
final class DeviceSetup {
  private DeviceSetup() {}

  /**
   * Adds the provider of {@code device}; that of the CPU is always present.
   *
   * @throws DeviceException if this build of ONNX Runtime lacks the provider, or it does not load
   * @throws RequestException if the provider rejects an option
   */
  static void add(Device device, SessionOptions session) {
    try {
      if (device instanceof Device.Cuda cuda) {
        addCuda(cuda, session);
      } else if (device instanceof Device.Other other) {
        addOther(other, session);
      }
    } catch (OrtException e) {
      String line = NativeErrors.line(e);
      if (line.contains("nknown provider option")) {
        throw new RequestException("device '%s': %s".formatted(device, line));
      }
      throw MissingProvider.exception(device, e);
    }
  }

  private static void addCuda(Device.Cuda cuda, SessionOptions session) throws OrtException {
    try (var options = new OrtCUDAProviderOptions(cuda.index())) {
      for (var option : cuda.options().toProvider().entrySet()) {
        options.add(option.getKey(), option.getValue());
      }
      session.addCUDA(options);
    }
  }

  private static void addOther(Device.Other other, SessionOptions session) throws OrtException {
    Map<String, String> options = other.options();
    switch (other.provider()) {
      case TENSORRT -> addTensorRt(other, session);
      case ROCM -> session.addROCM(Provider.index(other.target()));
      case DNNL -> session.addDnnl(true);
      case OPENVINO -> session.addOpenVINO(other.target());
      case DIRECTML -> session.addDirectML(Provider.index(other.target()));
      case COREML -> session.addCoreML(options);
      case XNNPACK -> session.addXnnpack(options);
      case QNN -> session.addQnn(options);
      case WEBGPU -> session.addWebGPU(options);
      case NNAPI -> session.addNnapi();
      case ACL -> session.addACL(false);
    }
  }

  private static void addTensorRt(Device.Other other, SessionOptions session) throws OrtException {
    try (var options = new OrtTensorRTProviderOptions(Provider.index(other.target()))) {
      for (var option : other.options().entrySet()) {
        options.add(option.getKey(), option.getValue());
      }
      session.addTensorrt(options);
    }
  }
}
