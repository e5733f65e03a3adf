package ai.transonnx.runtime.diagnosis;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HugePagesTest {
  @ParameterizedTest
  @CsvSource({
    "[always] madvise never, '', ALWAYS",
    "always [madvise] never, '', NOT_REQUESTED",
    "always [madvise] never, glibc.malloc.hugetlb=0, NOT_REQUESTED",
    "always [madvise] never, " + HugePages.REQUEST + ", REQUESTED",
    "always [madvise] never, glibc.malloc.check=1:glibc.malloc.hugetlb=2, REQUESTED",
    "always madvise [never], " + HugePages.REQUEST + ", NONE",
    "'', '', NONE",
  })
  void theSystemAndTheVariableDecide(String system, String variable, HugePages pages) {
    assertEquals(pages, HugePages.of(system, variable));
  }
}
