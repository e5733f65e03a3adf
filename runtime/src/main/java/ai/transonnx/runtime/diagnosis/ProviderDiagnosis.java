package ai.transonnx.runtime.diagnosis;

import ai.transonnx.runtime.NativeRuntime;
import ai.transonnx.runtime.device.Device;

/**
 * Whether a device can be used on this machine.
 *
 * @param device its name
 * @param loads whether a model loads on it
 * @param reason the reason why not; empty if it loads
 */
public record ProviderDiagnosis(String device, boolean loads, String reason) {
  /** Tries to load a model on a device. */
  public static ProviderDiagnosis of(Device device) {
    String reason =
        NativeRuntime.problem(device)
            .map(
                problem ->
                    problem.getMessage().replaceFirst("^device '.*?' is not available: ", ""))
            .orElse("");
    return new ProviderDiagnosis(device.toString(), reason.isEmpty(), reason);
  }
}
