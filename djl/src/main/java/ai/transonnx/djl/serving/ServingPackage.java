package ai.transonnx.djl.serving;

import ai.transonnx.InputException;
import ai.transonnx.format.internal.file.FileErrors;
import ai.transonnx.format.internal.file.PendingFolder;
import ai.transonnx.format.internal.file.PlainFolder;
import ai.transonnx.runtime.OnnxModel;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Writes a directory that an unmodified DJL Serving loads as a model, also without a network:
 * {@code serving.properties}, the model with all of its files, and a jar with the {@link
 * ServedTranslator}.
 *
 * <pre>{@code
 * ServingPackage.builder(Path.of("model.onnx"))
 *     .argument("length", "100")
 *     .build()
 *     .write(Path.of("models/bible"));
 * }</pre>
 */
public final class ServingPackage {
  /** The newest opset of ONNX Runtime 1.21, which DJL 0.38 brings. */
  public static final int DEFAULT_MAX_OPSET = 22;

  private static final String PROPERTIES = "serving.properties";
  private static final String JAR = "libs/transonnx.jar";

  private final Path model;
  private final int maxOpset;
  private final boolean replaces;
  private final Map<String, String> arguments;

  private ServingPackage(Builder builder) {
    this.model = builder.model;
    this.maxOpset = builder.maxOpset;
    this.replaces = builder.replaces;
    this.arguments = new TreeMap<>(builder.arguments);
    if (builder.task != null) {
      arguments.put("task", builder.task.toString());
    }
  }

  /** A package of an exported model. */
  public static Builder builder(Path model) {
    return new Builder(model);
  }

  /**
   * Writes the directory. Large files are hard links to the model's, if the file system allows it.
   *
   * @param folder a directory that does not exist or is empty, or has an earlier package if those
   *     are replaced
   * @throws ai.transonnx.TransonnxException if the model cannot be served: it needs a newer ONNX
   *     Runtime or operators that it does not have, a file of it is missing, or an argument is
   *     invalid; or if the directory cannot be written. Nothing is written then.
   */
  public void write(Path folder) {
    OnnxModel.check(model);
    var content = PackageContent.of(ModelOutline.read(model), maxOpset, arguments);
    try {
      checkReplaceable(folder);
      try (var pending = PendingFolder.replacing(folder)) {
        for (var file : content.files().entrySet()) {
          addParents(pending, file.getKey());
          pending.link(file.getValue(), file.getKey());
        }
        addParents(pending, JAR);
        try (var jar = Channels.newOutputStream(pending.create(JAR))) {
          new PackagedClasses(content.hasTokenizer()).write(jar);
        }
        write(pending, properties(content.properties()));
        pending.commit();
      }
    } catch (IOException e) {
      throw new InputException(
          "%s: cannot be written: %s".formatted(folder, FileErrors.reason(e, "no such directory")),
          e);
    }
  }

  private void checkReplaceable(Path folder) throws IOException {
    if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS) || !PlainFolder.matches(folder)) {
      return;
    }
    var names = PlainFolder.names(folder);
    if (names.isEmpty()) {
      return;
    }
    if (!replaces) {
      throw new InputException(
          folder + ": this directory is not empty; specify another one, or replace it (--force)");
    }
    if (!names.contains(PROPERTIES)) {
      throw new InputException(
          "%s: this is not a directory of DJL Serving, which has a %s, so it is not replaced"
              .formatted(folder, PROPERTIES));
    }
  }

  private static void addParents(PendingFolder folder, String name) throws IOException {
    int end = name.lastIndexOf('/');
    if (end > 0) {
      folder.addFolder(name.substring(0, end));
    }
  }

  private static void write(PendingFolder folder, byte[] properties) throws IOException {
    try (var channel = folder.create(PROPERTIES)) {
      var bytes = ByteBuffer.wrap(properties);
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
    }
  }

  /** ASCII, because DJL reads the file in two encodings; without the time that Java writes. */
  private static byte[] properties(Map<String, String> entries) throws IOException {
    var properties = new Properties();
    properties.putAll(entries);
    var text = new ByteArrayOutputStream();
    properties.store(text, null);
    return text.toString(StandardCharsets.ISO_8859_1)
        .lines()
        .filter(line -> !line.startsWith("#"))
        .sorted()
        .collect(Collectors.joining("\n", "", "\n"))
        .getBytes(StandardCharsets.ISO_8859_1);
  }

  /** Collects the parts of a package. */
  public static final class Builder {
    private final Path model;
    private final Map<String, String> arguments = new TreeMap<>();
    private int maxOpset = DEFAULT_MAX_OPSET;
    private boolean replaces;
    private @Nullable ServedTask task;

    private Builder(Path model) {
      this.model = model;
    }

    /**
     * Sets the task: by default, generation if the model has logits of tokens, classification if it
     * has logits of images, and else embedding.
     */
    public Builder task(ServedTask task) {
      this.task = task;
      return this;
    }

    /**
     * Sets an entry of {@code serving.properties}: one of the {@link ServedTranslator} or of DJL
     * Serving. The files of {@code tokenizer} and {@code synset} are copied.
     */
    public Builder argument(String name, String value) {
      arguments.put(name, value);
      return this;
    }

    /** Sets the newest opset that the server's ONNX Runtime runs, if it is not DJL's own. */
    public Builder maxOpset(int opset) {
      this.maxOpset = opset;
      return this;
    }

    /** Replaces an earlier package. */
    public Builder replaceEarlier() {
      this.replaces = true;
      return this;
    }

    public ServingPackage build() {
      return new ServingPackage(this);
    }
  }
}
