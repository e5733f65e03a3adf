package ai.transonnx.verification.internal.runner;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class MachineTest {
  @Test
  void featuresWithKernelsOfTheirOwnAreListed() {
    assertEquals(
        "sse4_1 avx avx2 fma avx512f avx512_vnni amx_tile",
        Machine.features("fpu sse2 sse4_1 avx avx2 fma rdrand avx512f avx512_vnni amx_tile aes"));
    assertEquals("asimd sve i8mm", Machine.features("fp asimd evtstrm sve i8mm crc32"));
  }

  @Test
  void aFieldIsThatOfTheFirstProcessor() {
    var lines = List.of("processor\t: 0", "model name\t: A: 1", "", "model name\t: B");
    assertEquals(Optional.of("A: 1"), Machine.field(lines, "model name"));
    assertEquals(Optional.empty(), Machine.field(lines, "flags"));
  }

  @Test
  void everyMachineHasASystem() {
    var system = String.valueOf(Machine.properties().get("system"));
    assertTrue(system.contains(System.getProperty("os.arch", "")), system);
  }
}
