package ai.transonnx.golden;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.transonnx.registry.Architectures;
import ai.transonnx.verification.CaseFolder;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The configurations of all cases, as JSON and as records. */
class ConfigurationsTest {
  static Stream<Path> cases() {
    return Stream.of("cases", "trained").map(Path::of).flatMap(d -> CaseFolder.below(d).stream());
  }

  @ParameterizedTest
  @MethodSource("cases")
  void writtenConfigurationsAreReadBack(Path folder) {
    var architecture = CaseFolder.read(folder).architecture();
    var json = architecture.configuration();
    assertEquals(architecture, Architectures.of(architecture.library(), json));
  }
}
