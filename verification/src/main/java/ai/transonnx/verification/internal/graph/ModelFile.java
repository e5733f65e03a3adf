package ai.transonnx.verification.internal.graph;

import ai.transonnx.InputException;
import ai.transonnx.format.internal.file.FileErrors;
import ai.transonnx.format.internal.file.NewFile;
import ai.transonnx.format.internal.file.PlainFile;
import ai.transonnx.format.internal.proto.ModelProto;
import ai.transonnx.format.internal.proto.TensorProto;
import ai.transonnx.format.internal.proto.ValueInfoProto;
import ai.transonnx.runtime.OnnxModel;
import ai.transonnx.runtime.TensorSpec;
import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * An ONNX file without its large weights, which stay where they are: in the file, or in files
 * beside it. Any size of file takes little memory. Immutable, so threads may share it.
 *
 * <pre>{@code
 * var file = ModelFile.read(Path.of("model.onnx"));
 * var changed = Exposed.of(file.proto(), List.of("attn_layers.layers.0.1/Softmax"));
 * Path variant = file.write(changed, folder, "exposed"); // folder/exposed.onnx
 * }</pre>
 */
public final class ModelFile {
  private static final long MAX_INSIDE = 1 << 30;

  private final Path file;
  private final ModelProto proto;
  private final List<Path> dataFiles;

  /**
   * Files with elements of branches and loops: ONNX's checker, which ONNX Runtime uses for nodes
   * with graphs, refuses external data that have several hard links.
   */
  private final Set<Path> unlinkable;

  private ModelFile(Path file, ModelProto proto, WeightReferences weights) {
    this.file = file;
    this.proto = proto;
    this.dataFiles = List.copyOf(weights.files());
    this.unlinkable =
        Initializers.inner(proto.getGraph()).stream()
            .flatMap(tensor -> WeightReferences.location(tensor).stream())
            .map(location -> dataFiles.get(WeightReferences.indexOf(location)))
            .collect(Collectors.toUnmodifiableSet());
  }

  /**
   * Reads a file, of this project or of any other program.
   *
   * @throws ai.transonnx.runtime.ModelException if {@link OnnxModel#check} refuses the file
   * @throws InputException if its graph alone, without the weights that can stay in the file, is
   *     too large
   */
  public static ModelFile read(Path file) {
    OnnxModel.check(file);
    var weights = new WeightReferences(file);
    var proto = weights.resolve(WeightlessModel.read(file));
    return new ModelFile(file, proto, weights);
  }

  /** The file. */
  public Path file() {
    return file;
  }

  /**
   * The model. Initializers with more than {@link WeightlessModel#MIN_EXTERNAL} bytes are external,
   * at locations that {@link #write} creates.
   */
  public ModelProto proto() {
    return proto;
  }

  /** The files that have the elements of external initializers, without the model file itself. */
  public List<Path> externalFiles() {
    return dataFiles.stream().filter(data -> !data.equals(file)).toList();
  }

  /** The metadata; of a repeated key, the last value. */
  public Map<String, String> metadata() {
    var metadata = new LinkedHashMap<String, String>();
    proto.getMetadataPropsList().forEach(entry -> metadata.put(entry.getKey(), entry.getValue()));
    return metadata;
  }

  /**
   * The inputs that a caller has to give: those without an initializer.
   *
   * @throws InputException if an input is no tensor, or one of texts
   */
  public List<TensorSpec> inputs() {
    return Ports.inputs(proto.getGraph()).stream().map(this::spec).toList();
  }

  /**
   * The outputs.
   *
   * @throws InputException if an output is no tensor, or one of texts
   */
  public List<TensorSpec> outputs() {
    return proto.getGraph().getOutputList().stream().map(this::spec).toList();
  }

  private TensorSpec spec(ValueInfoProto port) {
    return Ports.spec(port)
        .orElseThrow(
            () ->
                new InputException(
                    "%s: '%s' is not a tensor of numbers; only such inputs and outputs can be compared"
                        .formatted(file, port.getName())));
  }

  /**
   * Writes a changed model, with the files of its weights beside it. These are linked, not copied,
   * if the folder is in the same file system, and once for all models in a folder.
   *
   * <p>Python's package {@code onnx} refuses external data with several hard links, so a program
   * that uses it has to read them itself; ONNX Runtime does.
   *
   * @param changed made from {@link #proto}
   * @param folder a temporary folder, or one that is being created
   * @param name the file's name without {@code .onnx}, new in this folder
   * @return the file
   * @throws InputException if it cannot be written
   */
  public Path write(ModelProto changed, Path folder, String name) {
    var target = folder.resolve(name + ".onnx");
    try {
      for (var location : locations(changed)) {
        var data = folder.resolve(location);
        if (!Files.exists(data)) {
          add(dataFiles.get(WeightReferences.indexOf(location)), data);
        }
      }
      try (var stream = NewFile.create(target)) {
        changed.writeTo(stream);
      }
      return target;
    } catch (IOException e) {
      throw new InputException(
          "%s: cannot be written: %s".formatted(target, FileErrors.reason(e, "no such directory")),
          e);
    }
  }

  /**
   * A changed model with all of its weights inside.
   *
   * @param changed made from {@link #proto}
   * @throws InputException if the weights have more than 1 GiB, or cannot be read
   */
  public ModelProto withWeights(ModelProto changed) {
    long bytes = Initializers.all(changed.getGraph()).stream().mapToLong(TensorBytes::of).sum();
    if (bytes > MAX_INSIDE) {
      throw new InputException(
          "%s: %s bytes of weights are too many for one file".formatted(file, bytes));
    }
    var whole = changed.toBuilder();
    Initializers.update(
        whole.getGraphBuilder(),
        tensor -> {
          if (WeightReferences.location(tensor.build()).isPresent()) {
            var elements = ByteString.copyFrom(elements(tensor.build()));
            tensor.clearExternalData().clearDataLocation().setRawData(elements);
          }
        });
    return whole.build();
  }

  private void add(Path weights, Path data) throws IOException {
    if (unlinkable.contains(weights)) {
      NewFile.copy(weights, data);
    } else {
      NewFile.link(weights, data);
    }
  }

  private static Set<String> locations(ModelProto model) {
    var locations = new LinkedHashSet<String>();
    Initializers.all(model.getGraph()).stream()
        .flatMap(tensor -> WeightReferences.location(tensor).stream())
        .forEach(locations::add);
    return locations;
  }

  /**
   * The elements of an initializer of {@link #proto}, little endian. Large ones are mapped, not
   * read.
   *
   * @throws InputException if the file cannot be read, or the tensor has texts, or 2 GiB or more
   */
  public ByteBuffer elements(TensorProto tensor) {
    var location = WeightReferences.location(tensor);
    if (location.isEmpty()) {
      return InlineElements.of(tensor);
    }
    long offset = WeightReferences.number(tensor, WeightReferences.OFFSET);
    long length = WeightReferences.number(tensor, WeightReferences.LENGTH);
    var data = dataFiles.get(WeightReferences.indexOf(location.get()));
    if (length > Integer.MAX_VALUE) {
      throw new InputException(
          "%s: tensor '%s' has %s bytes; at most 2 GiB are supported"
              .formatted(data, tensor.getName(), length));
    }
    try (var channel = PlainFile.channel(data)) {
      return channel.map(MapMode.READ_ONLY, offset, length).order(ByteOrder.LITTLE_ENDIAN);
    } catch (IOException e) {
      throw new InputException(data + ": " + FileErrors.unreadable(e), e);
    }
  }
}
