package ai.transonnx.format.internal;

/** Tells whether the JVM is ending: files and libraries then go while threads still use them. */
public final class JvmEnd {
  private JvmEnd() {}

  /** Whether the JVM is ending, by a signal or a call of {@link System#exit}. */
  public static boolean hasBegun() {
    var hook = new Thread(() -> {});
    try {
      Runtime.getRuntime().addShutdownHook(hook);
      Runtime.getRuntime().removeShutdownHook(hook);
      return false;
    } catch (IllegalStateException e) {
      return true;
    }
  }
}
