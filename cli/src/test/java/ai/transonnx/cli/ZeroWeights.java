package ai.transonnx.cli;

import ai.transonnx.architecture.Architecture;
import ai.transonnx.architecture.GraphRequest;
import ai.transonnx.graph.Derivation.Stored;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.StringJoiner;

/** Weights that are 0, for a class of any sizes. */
final class ZeroWeights {
  private ZeroWeights() {}

  /** Writes a safetensors file of all that the class's main graph needs. */
  static void write(Architecture architecture, Path file) throws IOException {
    var stored = new LinkedHashSet<Stored>();
    architecture
        .build(GraphRequest.main())
        .graph()
        .parameters()
        .forEach(parameter -> stored.addAll(parameter.source().stored()));
    var entries = new StringJoiner(",", "{", "}");
    int end = 0;
    for (var tensor : stored) {
      int begin = end;
      end += Float.BYTES * (int) tensor.shape().elements();
      entries.add(
          "\"%s\":{\"dtype\":\"F32\",\"shape\":%s,\"data_offsets\":[%d,%d]}"
              .formatted(tensor.name(), tensor.shape(), begin, end));
    }
    var header = entries.toString().getBytes(StandardCharsets.UTF_8);
    var bytes = ByteBuffer.allocate(8 + header.length + end).order(ByteOrder.LITTLE_ENDIAN);
    Files.write(file, bytes.putLong(header.length).put(header).array());
  }
}
