package ai.transonnx.djl.serving;

import java.net.URL;
import java.net.URLClassLoader;
import java.util.List;

/**
 * Loads this project and its libraries from a jar, even if the server has them in other versions,
 * and everything else from the server: DJL, ONNX Runtime and the logging.
 */
final class PackagedClassLoader extends URLClassLoader {
  /** The packages that the jar has. */
  static final List<String> OWN =
      List.of(
          "ai.transonnx.",
          "com.fasterxml.jackson.",
          "com.google.protobuf.",
          "ai.djl.huggingface.tokenizers.jni.");

  static {
    registerAsParallelCapable();
  }

  PackagedClassLoader(URL jar, ClassLoader server) {
    super(new URL[] {jar}, server);
  }

  @Override
  protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
    if (OWN.stream().noneMatch(name::startsWith)) {
      return super.loadClass(name, resolve);
    }
    synchronized (getClassLoadingLock(name)) {
      var loaded = findLoadedClass(name);
      return loaded == null ? findClass(name) : loaded;
    }
  }

  @Override
  public URL getResource(String name) {
    var own = findResource(name);
    return own == null ? super.getResource(name) : own;
  }
}
