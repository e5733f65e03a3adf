package ai.transonnx.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtProvider;
import ai.transonnx.runtime.device.Device;
import ai.transonnx.runtime.device.Provider;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Devices, on machines with and without them, with either build of ONNX Runtime. */
class DeviceSetupTest {
  @TempDir private Path folder;

  private OnnxModel load(Device device) {
    var options = ModelOptions.builder().device(device).build();
    return OnnxModel.load(TinyModels.stateless().write(folder), options);
  }

  private static void assertRuns(OnnxModel model) {
    var tokens = Tensor.ofLongs(new long[] {1, 2}, 1, 2);
    assertEquals(1, model.run(Map.of("tokens", tokens)).names().size());
  }

  @Test
  void autoAlwaysRuns() {
    try (var model = load(Device.parse("auto"))) {
      assertNotEquals("auto", model.device().toString());
      assertRuns(model);
    }
  }

  @Test
  void cudaRunsOrTheMissingPartIsNamed() {
    try (var model = load(Device.parse("cuda"))) {
      assertEquals("cuda:0", model.device().toString());
      assertRuns(model);
    } catch (DeviceException e) {
      boolean built = OrtEnvironment.getAvailableProviders().contains(OrtProvider.CUDA);
      assertTrue(e.getMessage().startsWith("device 'cuda:0' is not available: "), e.getMessage());
      assertTrue(
          e.getMessage().contains(built ? "" : "replace onnxruntime with onnxruntime_gpu"),
          e.getMessage());
      assertEquals(1, e.getMessage().lines().count(), e.getMessage());
    }
  }

  @ParameterizedTest
  @EnumSource
  void anotherProviderRunsOrIsReportedMissing(Provider provider) {
    Assumptions.assumeFalse(provider == Provider.TENSORRT && hasTensorRt());
    try (var model = load(Device.parse(provider.toString()))) {
      assertRuns(model);
    } catch (DeviceException e) {
      assertTrue(
          e.getMessage().startsWith("device '" + provider + "' is not available: this build of"),
          e.getMessage());
    }
  }

  private static boolean hasTensorRt() {
    return OrtEnvironment.getAvailableProviders().contains(OrtProvider.TENSOR_RT);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "libcublasLt.so.12 | the library libcublasLt.so.12 is missing: install the CUDA toolkit 12",
        "libcudnn.so.9 | the library libcudnn.so.9 is missing: install cuDNN 9",
        "libnvinfer.so.10 | the library libnvinfer.so.10 is missing: install TensorRT 10",
        "libother.so | the library libother.so is missing"
      })
  void aMissingLibraryIsNamed(String library, String expected) {
    var error =
        new OrtException(
            OrtException.OrtErrorCode.ORT_FAIL,
            """
            /onnxruntime_src/core/provider_bridge_ort.cc:1988 ProviderLibrary::Get() Failed to load \
            library /opt/app/libonnxruntime_providers_cuda.so with error: %s: cannot open shared \
            object file: No such file or directory
            """
                .formatted(library));
    assertEquals(
        "device 'cuda:1' is not available: " + expected,
        MissingProvider.exception(Device.parse("cuda:1"), error).getMessage());
  }

  @Test
  void aDamagedModelIsAModelExceptionOnEveryDevice() {
    var options = ModelOptions.builder().device(Device.parse("auto")).build();
    assertThrows(ModelException.class, () -> OnnxModel.load(folder, options));
  }
}
