package ai.transonnx.verification.report.page;

import ai.transonnx.verification.internal.form.Markup;
import ai.transonnx.verification.internal.form.Numbers;
import java.util.Locale;

/** Numbers and names as the page shows them. Has no state, so threads may share it. */
final class Words {
  private static final int LONGEST_NAME = 160;

  private Words() {}

  /** A multiple of the tolerance, such as {@code 0.21×}. */
  static String times(double ratio) {
    return Double.isFinite(ratio) ? ratio(ratio) + "×" : ratio(ratio);
  }

  /** A multiple of the tolerance without the sign, such as {@code 0.21}, {@code 66.0} or 212. */
  static String ratio(double ratio) {
    if (ratio == Double.POSITIVE_INFINITY) {
      return "∞";
    }
    if (ratio < 0.0995) {
      return Numbers.of(ratio);
    }
    return ratio < 9.995 ? String.format(Locale.ROOT, "%.2f", ratio) : Numbers.column(ratio);
  }

  /** A count and its noun, such as {@code 1 runtime} or {@code 3 runtimes}. */
  static String count(long count, String noun) {
    return Numbers.count(count) + " " + noun + (count == 1 ? "" : "s");
  }

  /** Writes a path or a command; a narrow column breaks it after one of its separators. */
  static void writeCode(Markup html, String classes, String code) {
    html.open("code", classes);
    int start = 0;
    for (int i = 1; i < code.length(); i++) {
      if ("./_:,".indexOf(code.charAt(i - 1)) >= 0) {
        html.text(code.substring(start, i)).open("wbr").close();
        start = i;
      }
    }
    html.text(code.substring(start)).closeTag();
  }

  /** A time in UTC such as {@code 2026-11-29 15:40 UTC}; any other text is left as it is. */
  static String time(String instant) {
    return instant.matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d.*Z")
        ? instant.substring(0, 10) + " " + instant.substring(11, 16) + " UTC"
        : instant;
  }

  /** A name without its middle if it is too long for a table. */
  static String name(String name) {
    if (name.length() <= LONGEST_NAME) {
      return name;
    }
    int shown = LONGEST_NAME / 2;
    return name.substring(0, shown) + "..." + name.substring(name.length() - shown);
  }

  /** The last part of a path. */
  static String fileName(String path) {
    int slash = Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\'));
    return slash == path.length() - 1 ? path : path.substring(slash + 1);
  }
}
