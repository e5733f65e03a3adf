package ai.transonnx.runtime.diagnosis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HugePagesTest {
  @ParameterizedTest
  @CsvSource({
    "[always] madvise never, '', ALWAYS",
    "always [madvise] never, '', NOT_ASKED_FOR",
    "always [madvise] never, glibc.malloc.hugetlb=0, NOT_ASKED_FOR",
    "always [madvise] never, " + HugePages.ASKING + ", ASKED_FOR",
    "always [madvise] never, glibc.malloc.check=1:glibc.malloc.hugetlb=2, ASKED_FOR",
    "always madvise [never], " + HugePages.ASKING + ", NONE",
    "'', '', NONE",
  })
  void theSystemAndTheProcessSettleThem(String system, String variable, HugePages pages) {
    assertEquals(pages, HugePages.of(system, variable));
  }

  @Test
  void theLauncherAndTheReadmeAskAlike() throws IOException {
    var launcher = Files.readString(Path.of("../transonnx"));
    var readme = Files.readString(Path.of("../README.md"));
    var variable = HugePages.VARIABLE;
    var asking = HugePages.ASKING;
    assertTrue(launcher.contains("export %1$s=\"${%1$s-%2$s}\"\n".formatted(variable, asking)));
    assertTrue(readme.contains("`%s=%s`".formatted(variable, asking)));
  }
}
