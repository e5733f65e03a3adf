package ai.transonnx.cli;

import ai.transonnx.format.internal.Printable;
import java.io.PrintWriter;
import java.util.Locale;

/** Prints a description of a file, of which names and texts are not trusted. */
record Listing(PrintWriter out) {
  /** Prints one line; control characters are replaced. */
  void line(String format, Object... values) {
    out.println(Printable.line(String.format(Locale.ROOT, format, values)));
  }

  /** Prints an empty line and a title. */
  void heading(String title) {
    out.println();
    line("%s", title);
  }

  /** A size for people. */
  static String size(long bytes) {
    if (bytes < 10_000) {
      return bytes + " bytes";
    }
    return bytes < 10_000_000
        ? String.format(Locale.ROOT, "%.1f kB", bytes / 1e3)
        : String.format(Locale.ROOT, "%.1f MB", bytes / 1e6);
  }
}
