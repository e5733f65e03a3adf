package ai.transonnx.export.internal.weights;

import ai.transonnx.format.ElementType;
import ai.transonnx.graph.Model;
import ai.transonnx.graph.Shape;
import ai.transonnx.graph.WeightExpression;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import java.util.function.Function;

/** Writes valid and invalid safetensors files, also for the tests of other modules. */
public final class TestWeights {
  private static final Map<ElementType, String> DTYPES =
      Map.ofEntries(
          Map.entry(ElementType.FLOAT64, "F64"),
          Map.entry(ElementType.FLOAT32, "F32"),
          Map.entry(ElementType.FLOAT16, "F16"),
          Map.entry(ElementType.BFLOAT16, "BF16"),
          Map.entry(ElementType.INT64, "I64"),
          Map.entry(ElementType.INT32, "I32"),
          Map.entry(ElementType.INT16, "I16"),
          Map.entry(ElementType.INT8, "I8"),
          Map.entry(ElementType.UINT64, "U64"),
          Map.entry(ElementType.UINT32, "U32"),
          Map.entry(ElementType.UINT16, "U16"),
          Map.entry(ElementType.UINT8, "U8"),
          Map.entry(ElementType.BOOL, "BOOL"));

  /** The types of the elements that a file may have. */
  public static final List<ElementType> TYPES = DTYPES.keySet().stream().sorted().toList();

  private record Entry(String name, ElementType elements, Shape shape, ByteBuffer bytes) {}

  private final List<Entry> entries = new ArrayList<>();
  private final List<String> metadata = new ArrayList<>();

  /** Adds an entry of the metadata. */
  public TestWeights metadata(String key, String value) {
    metadata.add("\"%s\":\"%s\"".formatted(key, value));
    return this;
  }

  /** Adds a tensor with the bytes of its elements. */
  public TestWeights add(String name, ElementType elements, Shape shape, byte[] bytes) {
    entries.add(new Entry(name, elements, shape, ByteBuffer.wrap(bytes)));
    return this;
  }

  /** Adds a float32 tensor. */
  public TestWeights add(String name, Shape shape, float... values) {
    var bytes = ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    return add(name, ElementType.FLOAT32, shape, bytes.array());
  }

  /** Adds a float32 tensor with the elements 0, 1, 2 and so on. */
  public TestWeights addCounting(String name, long... sizes) {
    var shape = Shape.of(sizes);
    var values = new float[(int) shape.elements()];
    for (int i = 0; i < values.length; i++) {
      values[i] = i;
    }
    return add(name, shape, values);
  }

  /**
   * Adds a float32 tensor for each stored tensor that the parameters of a model use.
   *
   * @param values the elements of a tensor
   */
  public TestWeights addAll(Model model, Function<WeightExpression.Stored, float[]> values) {
    model.graph().parameters().stream()
        .flatMap(parameter -> parameter.source().stored().stream())
        .distinct()
        .forEach(stored -> add(stored.name(), stored.shape(), values.apply(stored)));
    return this;
  }

  public Path write(Path path) {
    var header = new StringJoiner(",", "{", "}");
    if (!metadata.isEmpty()) {
      header.add("\"__metadata__\":{%s}".formatted(String.join(",", metadata)));
    }
    int offset = 0;
    for (var entry : entries) {
      header.add(
          "\"%s\":{\"dtype\":\"%s\",\"shape\":%s,\"data_offsets\":[%s,%s]}"
              .formatted(
                  entry.name(),
                  DTYPES.get(entry.elements()),
                  entry.shape(),
                  offset,
                  offset + entry.bytes().capacity()));
      offset += entry.bytes().capacity();
    }
    var data = ByteBuffer.allocate(offset);
    entries.forEach(entry -> data.put(entry.bytes().duplicate()));
    return write(path, header.toString().getBytes(StandardCharsets.UTF_8), data.array());
  }

  /** Writes a header and data without checks. */
  public static Path write(Path path, byte[] header, byte[] data) {
    var file =
        ByteBuffer.allocate(Long.BYTES + header.length + data.length)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putLong(header.length)
            .put(header)
            .put(data);
    try {
      return Files.write(path, file.array());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
