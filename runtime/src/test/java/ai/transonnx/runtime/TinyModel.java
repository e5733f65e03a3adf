package ai.transonnx.runtime;

import ai.transonnx.format.ElementType;
import ai.transonnx.format.MetadataKey;
import ai.transonnx.format.internal.wire.MessageWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Writes a small ONNX file, node by node. Dimensions are numbers or names. */
public final class TinyModel {
  private final MessageWriter graph = new MessageWriter().text(2, "tiny");
  private final MessageWriter model = new MessageWriter().number(1, 8).text(2, "test");

  public TinyModel input(String name, ElementType type, Object... dims) {
    graph.message(11, value(name, type, dims));
    return this;
  }

  public TinyModel output(String name, ElementType type, Object... dims) {
    graph.message(12, value(name, type, dims));
    return this;
  }

  /** A node with the attribute {@code axis}, or without attributes if that is negative. */
  public TinyModel node(String operator, List<String> inputs, String output, int axis) {
    var node = new MessageWriter();
    inputs.forEach(input -> node.text(1, input));
    node.text(2, output).text(4, operator);
    if (axis >= 0) {
      node.message(5, new MessageWriter().text(1, "axis").number(3, axis).number(20, 2));
    }
    graph.message(1, node);
    return this;
  }

  public TinyModel node(String operator, List<String> inputs, String output) {
    return node(operator, inputs, output, -1);
  }

  /** A Cast. */
  public TinyModel cast(String input, String output, ElementType type) {
    var to = new MessageWriter().text(1, "to").number(3, type.onnxNumber()).number(20, 2);
    graph.message(
        1, new MessageWriter().text(1, input).text(2, output).text(4, "Cast").message(5, to));
    return this;
  }

  /** A constant vector of int64. */
  public TinyModel longs(String name, long... values) {
    var data = new byte[values.length * Long.BYTES];
    over(data).asLongBuffer().put(values);
    return constant(name, ElementType.INT64, values.length, data);
  }

  /** A constant scalar of int64. */
  public TinyModel scalar(String name, long value) {
    var data = new byte[Long.BYTES];
    over(data).putLong(0, value);
    graph.message(
        5,
        new MessageWriter().number(2, ElementType.INT64.onnxNumber()).text(8, name).bytes(9, data));
    return this;
  }

  /** A constant vector of float32. */
  public TinyModel floats(String name, float... values) {
    var data = new byte[values.length * Float.BYTES];
    over(data).asFloatBuffer().put(values);
    return constant(name, ElementType.FLOAT32, values.length, data);
  }

  public TinyModel metadata(MetadataKey key, String value) {
    return metadata(key.key(), value);
  }

  public TinyModel metadata(String key, String value) {
    model.message(14, new MessageWriter().text(1, key).text(2, value));
    return this;
  }

  /** Writes the model to a new file in {@code folder}. */
  public Path write(Path folder) {
    model.message(8, new MessageWriter().text(1, "").number(2, 17));
    model.message(7, graph);
    try {
      return Files.write(
          Files.createTempFile(folder, "tiny", ".onnx"), model.encode().toByteArray());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static ByteBuffer over(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  private TinyModel constant(String name, ElementType type, int size, byte[] data) {
    graph.message(
        5,
        new MessageWriter()
            .number(1, size)
            .number(2, type.onnxNumber())
            .text(8, name)
            .bytes(9, data));
    return this;
  }

  private static MessageWriter value(String name, ElementType type, Object... dims) {
    var shape = new MessageWriter();
    for (Object dim : dims) {
      shape.message(
          1,
          dim instanceof Number size
              ? new MessageWriter().number(1, size.longValue())
              : new MessageWriter().text(2, dim.toString()));
    }
    var tensor = new MessageWriter().number(1, type.onnxNumber()).message(2, shape);
    return new MessageWriter().text(1, name).message(2, new MessageWriter().message(1, tensor));
  }
}
