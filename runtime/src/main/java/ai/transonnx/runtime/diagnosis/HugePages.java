package ai.transonnx.runtime.diagnosis;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Whether the weights of models lie in huge pages: each token reads all of them, and the processor
 * looks up where every page is. Linux settles that, and GNU's C library from 2.35 on, which reads
 * {@link #VARIABLE} when a process starts.
 *
 * @see <a href="https://docs.kernel.org/admin-guide/mm/transhuge.html">Transparent Hugepage
 *     Support</a>
 */
public enum HugePages {
  /** Every process has them. */
  ALWAYS,
  /** Processes have them that ask, and this one does. */
  ASKED_FOR,
  /** Processes have them that ask, and this one does not. */
  NOT_ASKED_FOR,
  /** There are none, or the system does not tell. */
  NONE;

  /** The environment variable by which a process asks. */
  public static final String VARIABLE = "GLIBC_TUNABLES";

  /** What it must be to ask for them, for all that is loaded, whichever thread loads it. */
  public static final String ASKING = "glibc.malloc.hugetlb=1:glibc.malloc.arena_max=1";

  private static final Path SYSTEM = Path.of("/sys/kernel/mm/transparent_hugepage/enabled");

  /** What this process has. */
  static HugePages here() {
    try {
      return of(Files.readString(SYSTEM), System.getenv().getOrDefault(VARIABLE, ""));
    } catch (IOException | SecurityException e) {
      return NONE;
    }
  }

  /**
   * What a process has.
   *
   * @param system what the system may do, with what it does in brackets
   * @param variable how the process asks
   */
  static HugePages of(String system, String variable) {
    if (system.contains("[always]")) {
      return ALWAYS;
    }
    if (!system.contains("[madvise]")) {
      return NONE;
    }
    return variable.matches("(.*:)?glibc\\.malloc\\.hugetlb=[12](:.*)?")
        ? ASKED_FOR
        : NOT_ASKED_FOR;
  }
}
