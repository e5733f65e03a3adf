package ai.transonnx.djl.serving;

import ai.djl.huggingface.tokenizers.jni.TokenizersLibrary;
import ai.transonnx.InputException;
import ai.transonnx.djl.internal.DjlEnvironment;
import ai.transonnx.djl.internal.LoadedSession;
import ai.transonnx.format.internal.proto.ModelProto;
import ai.transonnx.runtime.OnnxModel;
import ai.transonnx.runtime.internal.EnvironmentSetup;
import ai.transonnx.runtime.internal.SessionSource;
import ai.transonnx.runtime.text.TokenizerProvider;
import ai.transonnx.tokenizers.HuggingFaceTokenizers;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import java.util.zip.Deflater;

/**
 * The jar with everything that a server needs besides DJL and ONNX Runtime: the classes of this
 * project and of its libraries, copied from those that run.
 */
final class PackagedClasses {
  private static final String SERVICES = "META-INF/services/";
  private static final LocalDateTime TIME = LocalDateTime.of(1980, 1, 1, 0, 0);

  /** A class of each library, in whose jar or folder the others are; the last is of Protobuf. */
  private static final List<Class<?>> LIBRARIES =
      List.of(
          InputException.class,
          OnnxModel.class,
          HuggingFaceTokenizers.class,
          PackagedClasses.class,
          JsonMapper.class,
          JsonFactory.class,
          JsonProperty.class,
          TokenizersLibrary.class,
          ModelProto.class.getSuperclass());

  /** The folders of a jar whose content is copied. */
  private static final List<String> FOLDERS =
      List.of(
          "ai/transonnx/djl",
          "ai/transonnx/format",
          "ai/transonnx/runtime",
          "ai/transonnx/tokenizers",
          "ai/djl/huggingface/tokenizers/jni",
          "com/fasterxml/jackson/annotation",
          "com/fasterxml/jackson/core",
          "com/fasterxml/jackson/databind",
          "com/google/protobuf");

  /** The folder of the native tokenizers, most of the jar's size. */
  private static final String NATIVE_TOKENIZERS = "native/lib";

  /** The folders of which only files are copied, not their folders. */
  private static final List<String> SINGLE_FOLDERS = List.of("ai/transonnx");

  private static final List<String> NOTICES =
      List.of("META-INF/LICENSE", "META-INF/NOTICE", "META-INF/FastDoubleParser-LICENSE");

  private static final Map<Class<?>, Class<?>> IMPLEMENTATIONS =
      Map.of(
          EnvironmentSetup.class, DjlEnvironment.class,
          SessionSource.class, LoadedSession.class,
          TokenizerProvider.class, HuggingFaceTokenizers.class);

  private final boolean tokenizers;
  private final Set<String> written = new HashSet<>();

  /**
   * The jar of a package.
   *
   * @param tokenizers whether it has the native library of Hugging Face's tokenizers
   */
  PackagedClasses(boolean tokenizers) {
    this.tokenizers = tokenizers;
  }

  /**
   * Writes the jar.
   *
   * @throws InputException if this program is not made of jars or folders on disk
   */
  void write(OutputStream stream) throws IOException {
    var sources = new LinkedHashSet<Path>();
    LIBRARIES.forEach(library -> sources.add(source(library)));
    try (var jar = new JarOutputStream(stream)) {
      jar.setLevel(Deflater.BEST_SPEED);
      for (var source : sources) {
        copy(source, jar);
      }
      var services = new TreeMap<String, String>();
      IMPLEMENTATIONS.forEach((type, of) -> services.put(type.getName(), of.getName()));
      for (var service : services.entrySet()) {
        begin(jar, SERVICES + service.getKey());
        jar.write((service.getValue() + "\n").getBytes(StandardCharsets.UTF_8));
      }
    }
  }

  private static Path source(Class<?> type) {
    try {
      return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException
        | IllegalArgumentException
        | FileSystemNotFoundException
        | SecurityException e) {
      throw new InputException(
          "this program's classes cannot be copied, because they are not in a jar or folder on"
              + " disk; use the command transonnx",
          e);
    }
  }

  private void copy(Path source, JarOutputStream jar) throws IOException {
    if (Files.isDirectory(source)) {
      copyRoot(source, jar);
      return;
    }
    try (var system = FileSystems.newFileSystem(source)) {
      copyRoot(system.getPath("/"), jar);
    }
  }

  private void copyRoot(Path root, JarOutputStream jar) throws IOException {
    for (var folder : FOLDERS) {
      copyFiles(root, folder, Integer.MAX_VALUE, jar);
    }
    if (tokenizers) {
      copyFiles(root, NATIVE_TOKENIZERS, Integer.MAX_VALUE, jar);
    }
    for (var folder : SINGLE_FOLDERS) {
      copyFiles(root, folder, 1, jar);
    }
    for (var notice : NOTICES) {
      copyFiles(root, notice, 1, jar);
    }
  }

  private void copyFiles(Path root, String name, int depth, JarOutputStream jar)
      throws IOException {
    var start = root.resolve(name);
    if (!Files.exists(start)) {
      return;
    }
    try (Stream<Path> files = Files.walk(start, depth)) {
      for (var file : files.filter(Files::isRegularFile).sorted().toList()) {
        var entry = root.relativize(file).toString().replace('\\', '/');
        if (written.add(entry)) {
          begin(jar, entry);
          Files.copy(file, jar);
        }
      }
    }
  }

  /** An entry without the time, so that the same classes give the same jar. */
  private static void begin(JarOutputStream jar, String name) throws IOException {
    var entry = new JarEntry(name);
    entry.setTimeLocal(TIME);
    jar.putNextEntry(entry);
  }
}
