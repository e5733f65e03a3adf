package ai.transonnx.runtime.diagnosis;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Whether Linux allocates the weights of models in huge pages, which make decoding a few percent
 * faster: each token reads all weights, with fewer address translations. The setting is Linux's, or
 * a request of the process by {@link #VARIABLE}, which GNU's C library reads at start since 2.35.
 *
 * @see <a href="https://docs.kernel.org/admin-guide/mm/transhuge.html">Transparent Hugepage
 *     Support</a>
 */
public enum HugePages {
  /** All processes use them. */
  ALWAYS,
  /** Processes that request them use them; this one does. */
  REQUESTED,
  /** Processes that request them use them; this one does not. */
  NOT_REQUESTED,
  /** No process uses them, or the system does not report it. */
  NONE;

  /** The environment variable that requests them. */
  public static final String VARIABLE = "GLIBC_TUNABLES";

  /** The value of the variable that requests them for memory that any thread allocates. */
  public static final String REQUEST = "glibc.malloc.hugetlb=1:glibc.malloc.arena_max=1";

  private static final Path SYSTEM = Path.of("/sys/kernel/mm/transparent_hugepage/enabled");

  /** The setting of this process. */
  static HugePages here() {
    try {
      return of(Files.readString(SYSTEM), System.getenv().getOrDefault(VARIABLE, ""));
    } catch (IOException | SecurityException e) {
      return NONE;
    }
  }

  /**
   * The setting of a process.
   *
   * @param system the system's possible settings, the current one in brackets
   * @param variable the value of {@link #VARIABLE}
   */
  static HugePages of(String system, String variable) {
    if (system.contains("[always]")) {
      return ALWAYS;
    }
    if (!system.contains("[madvise]")) {
      return NONE;
    }
    return variable.matches("(.*:)?glibc\\.malloc\\.hugetlb=[12](:.*)?")
        ? REQUESTED
        : NOT_REQUESTED;
  }
}
