package ai.transonnx.export.internal.weights;

/** Names of files that other files refer to, which must be in the same folder. */
public final class PlainName {
  private PlainName() {}

  /** Whether a text is the name of a file, without a path. */
  public static boolean matches(String name) {
    return !name.isEmpty()
        && !name.equals(".")
        && !name.equals("..")
        && name.chars().noneMatch(c -> c == '/' || c == '\\' || Character.isISOControl(c));
  }
}
