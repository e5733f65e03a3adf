package ai.transonnx.tokenizers;

import ai.djl.huggingface.tokenizers.jni.TokenizersLibrary;
import ai.transonnx.format.internal.file.FileErrors;
import ai.transonnx.format.internal.file.TemporaryFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Loads the native library that DJL's jar contains. It is unpacked into a temporary folder, which
 * is removed as soon as the library is loaded. DJL's own loader is not used: it would keep a copy
 * in the user's home, look for CUDA devices, and may download.
 */
final class NativeTokenizers {
  private static final String NAME = "tokenizers";
  private static final List<String> WINDOWS_LIBRARIES =
      List.of("libwinpthread-1.dll", "libgcc_s_seh-1.dll", "libstdc++-6.dll");

  private static boolean loaded;

  private NativeTokenizers() {}

  /**
   * The functions of the library, which the first call loads.
   *
   * @throws IOException if it cannot be loaded on this system; the message is for the user
   */
  static synchronized TokenizersLibrary library() throws IOException {
    if (!loaded) {
      try {
        load();
      } catch (IOException | LinkageError e) {
        var reason = FileErrors.reason(e, "no such folder");
        throw new IOException(
            "DJL's native library cannot be loaded: %s; it is unpacked into %s, which needs free space and must allow execution"
                .formatted(reason == null ? e : reason, System.getProperty("java.io.tmpdir")),
            e);
      }
      loaded = true;
    }
    return TokenizersLibrary.LIB;
  }

  private static void load() throws IOException {
    String system = system(System.getProperty("os.name"));
    String resources = "/native/lib/%s-%s/cpu/".formatted(system, processor());
    var names = new ArrayList<>(system.equals("win") ? WINDOWS_LIBRARIES : List.of());
    names.add(System.mapLibraryName(NAME));
    var folder = TemporaryFolder.create();
    try {
      for (String name : names) {
        var file = folder.path().resolve(name);
        unpack(resources + name, file);
        System.load(file.toString());
      }
    } finally {
      remove(folder);
    }
  }

  private static void remove(TemporaryFolder folder) {
    try {
      folder.close();
    } catch (IOException e) {
      // Windows removes no library in use: the end of the JVM or the next process removes it.
    }
  }

  private static String system(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    return lower.startsWith("win") ? "win" : lower.startsWith("mac") ? "osx" : "linux";
  }

  private static String processor() {
    String name = System.getProperty("os.arch");
    return name.equals("amd64") ? "x86_64" : name;
  }

  private static void unpack(String resource, Path file) throws IOException {
    try (var content = TokenizersLibrary.class.getResourceAsStream(resource)) {
      if (content == null) {
        throw new IOException("DJL has none for this system, " + resource);
      }
      Files.copy(content, file);
    }
  }
}
