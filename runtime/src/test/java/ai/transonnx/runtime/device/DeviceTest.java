package ai.transonnx.runtime.device;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.transonnx.runtime.RequestException;
import ai.transonnx.runtime.device.CudaOptions.ArenaGrowth;
import ai.transonnx.runtime.device.CudaOptions.CudnnSearch;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class DeviceTest {
  @ParameterizedTest
  @CsvSource({"cpu,cpu", "auto,auto", "cuda,cuda:0", "cuda:3,cuda:3", "openvino:GPU,openvino:GPU"})
  void aDeviceHasAName(String text, String name) {
    assertEquals(name, Device.parse(text).toString());
  }

  @ParameterizedTest
  @EnumSource
  void everyProviderCanBeNamed(Provider provider) {
    var device = (Device.Other) Device.parse(provider.toString());
    assertEquals(provider, device.provider());
  }

  @ParameterizedTest
  @CsvSource({
    "gpu,there is no device 'gpu'; possible are cpu",
    "cuda:,nothing after the colon",
    "cuda:-1,device number '-1' is not 0 or more",
    "cuda:one,device number 'one'",
    "cpu:0,there is only one",
    "xnnpack:1,there is only one",
    "tensorrt:x,device number 'x'"
  })
  void anUnknownDeviceIsRejected(String text, String phrase) {
    rejected(() -> Device.parse(text), phrase);
  }

  @Test
  void cudaOptionsHaveTheProvidersNames() {
    var options =
        CudaOptions.builder()
            .memoryLimit(4_000_000_000L)
            .arenaGrowth(ArenaGrowth.SAME_AS_REQUESTED)
            .tf32(true)
            .cudnnSearch(CudnnSearch.EXHAUSTIVE)
            .more(Map.of("enable_cuda_graph", "1"))
            .build();
    var expected =
        Map.of(
            "gpu_mem_limit",
            "4000000000",
            "arena_extend_strategy",
            "kSameAsRequested",
            "use_tf32",
            "1",
            "cudnn_conv_algo_search",
            "EXHAUSTIVE",
            "enable_cuda_graph",
            "1");
    assertEquals(expected, options.toProvider());
    assertEquals(options, CudaOptions.defaults().with(expected));
  }

  @Test
  void cudaComputesInFullFloat32ByDefault() {
    assertEquals(
        Map.of(
            "arena_extend_strategy",
            "kNextPowerOfTwo",
            "use_tf32",
            "0",
            "cudnn_conv_algo_search",
            "HEURISTIC"),
        CudaOptions.defaults().toProvider());
  }

  @Test
  void anInvalidOptionIsRejected() {
    var cuda = Device.parse("cuda");
    rejected(() -> cuda.with(Map.of("gpu_mem_limit", "4G")), "'4G', not a number of bytes");
    rejected(() -> cuda.with(Map.of("gpu_mem_limit", "0")), "gpu_mem_limit is 0");
    rejected(() -> cuda.with(Map.of("use_tf32", "yes")), "'yes'; it can be 0 or 1");
    rejected(() -> cuda.with(Map.of("device_id", "1")), "'device_id' cannot be in 'more'");
    rejected(() -> Device.CPU.with(Map.of("threads", "1")), "'cpu' takes no options");
    rejected(
        () -> Device.parse("rocm").with(Map.of("a", "b")), "takes no options for device 'rocm'");
    var tensorRt = (Device.Other) Device.parse("tensorrt").with(Map.of("trt_fp16_enable", "1"));
    assertEquals(Map.of("trt_fp16_enable", "1"), tensorRt.options());
  }

  private static void rejected(org.junit.jupiter.api.function.Executable call, String phrase) {
    var e = assertThrows(RequestException.class, call);
    assertTrue(e.getMessage().contains(phrase), e.getMessage());
  }
}
