package ai.transonnx.runtime.internal.scan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.transonnx.InputException;
import ai.transonnx.format.internal.proto.GraphProto;
import ai.transonnx.format.internal.proto.ModelProto;
import ai.transonnx.format.internal.wire.MessageWriter;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.file.Files;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Coverage-guided fuzzing of the scan; without fuzzing, it runs over its seeds only. */
class ModelScanFuzzTest {
  static Stream<Arguments> seeds() {
    var function =
        Onnx.function(
            "F",
            "a",
            "r",
            Onnx.constant("c", Onnx.truth()),
            Onnx.choice("c", "r", Onnx.subgraph("s", Onnx.node("Neg", "a", "s"))));
    var weighted =
        Onnx.graph(Onnx.node("Add", "x w", "y"))
            .message(GraphProto.INITIALIZER_FIELD_NUMBER, Onnx.floats("w", 8, 2L));
    return Stream.of(
            Onnx.valid().message(ModelProto.METADATA_PROPS_FIELD_NUMBER, Onnx.entry("k", "v")),
            Onnx.calling("F", function),
            Onnx.model(weighted))
        .map(MessageWriter::encode)
        .map(model -> Arguments.of((Object) model.toByteArray()));
  }

  @MethodSource("seeds")
  @FuzzTest(maxDuration = "10m")
  void anyModel(byte[] bytes) throws IOException {
    var file = Files.createTempFile("scan", ".onnx");
    try {
      ModelScan.check(Files.write(file, bytes));
    } catch (InputException e) {
      String message = String.valueOf(e.getMessage());
      assertTrue(message.startsWith(file + ": "), message);
      assertEquals(1, message.lines().count(), message);
      assertTrue(message.length() < 5000, message);
    } finally {
      Files.delete(file);
    }
  }
}
