package ai.transonnx.benchmarks;

import ai.transonnx.architecture.Architecture;
import ai.transonnx.architecture.GraphRequest;
import ai.transonnx.architecture.Library;
import ai.transonnx.graph.Derivation;
import ai.transonnx.graph.Model;
import ai.transonnx.graph.Shape;
import ai.transonnx.registry.Architectures;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Weights of no training, for measurements: {@code RandomWeights LIBRARY CONFIG.json
 * OUT.safetensors}.
 */
public final class RandomWeights {
  private RandomWeights() {}

  /** Writes the weights that a configuration needs. */
  public static void main(String[] args) throws IOException {
    if (args.length != 3) {
      throw new IllegalArgumentException("LIBRARY CONFIG.json OUT.safetensors");
    }
    var config = Files.readString(Path.of(args[1]));
    write(Architectures.of(Library.of(args[0]), config), Path.of(args[2]));
  }

  static void write(Architecture architecture, Path file) throws IOException {
    write(architecture.build(GraphRequest.main()), file);
  }

  static void write(Model model, Path file) throws IOException {
    var shapes = new TreeMap<String, Shape>();
    for (var parameter : model.graph().parameters()) {
      collect(parameter.source(), shapes);
    }
    var random = new Random(7);
    try (var out = new BufferedOutputStream(Files.newOutputStream(file), 1 << 20)) {
      var header = header(shapes).getBytes(StandardCharsets.UTF_8);
      var length = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
      out.write(length.putLong(header.length).array());
      out.write(header);
      for (var shape : shapes.values()) {
        out.write(elements(shape, random));
      }
    }
  }

  private static void collect(Derivation source, Map<String, Shape> shapes) {
    source.stored().forEach(stored -> shapes.put(stored.name(), stored.shape()));
  }

  private static String header(Map<String, Shape> shapes) {
    var entries = new TreeMap<String, String>();
    long offset = 0;
    for (var entry : shapes.entrySet()) {
      long end = offset + entry.getValue().elements() * Float.BYTES;
      entries.put(
          entry.getKey(),
          "\"%s\":{\"dtype\":\"F32\",\"shape\":%s,\"data_offsets\":[%d,%d]}"
              .formatted(entry.getKey(), entry.getValue(), offset, end));
      offset = end;
    }
    return entries.values().stream().collect(Collectors.joining(",", "{", "}"));
  }

  /** Vectors near 1, matrices that keep the size of what they multiply. */
  private static byte[] elements(Shape shape, Random random) {
    boolean vector = shape.rank() < 2;
    double scale = vector ? 0.02 : 0.5 / Math.sqrt(shape.last().size());
    var bytes =
        ByteBuffer.allocate(Math.toIntExact(shape.elements() * Float.BYTES))
            .order(ByteOrder.LITTLE_ENDIAN);
    while (bytes.hasRemaining()) {
      bytes.putFloat((float) ((vector ? 1 : 0) + scale * random.nextGaussian()));
    }
    return bytes.array();
  }
}
