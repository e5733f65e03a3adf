package ai.transonnx.export.internal.torch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.transonnx.InputException;
import ai.transonnx.export.ExportRequest;
import ai.transonnx.export.Exporter;
import ai.transonnx.export.Weights;
import ai.transonnx.export.internal.pickle.PickleBytes;
import ai.transonnx.format.ElementType;
import ai.transonnx.graph.EmitOptions;
import ai.transonnx.graph.Model;
import ai.transonnx.graph.ModelBuilder;
import ai.transonnx.graph.Shape;
import ai.transonnx.graph.TensorType;
import ai.transonnx.op.Scope;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A tensor that PyTorch saved expanded: a file of a kilobyte, and a shape of any size. */
class ExpandedTensorsTest {
  private static final int MIB = 1 << 20;

  @TempDir private Path directory = Path.of("");

  private void export(long mib, boolean isAllowed) throws IOException {
    long count = mib * (MIB / 4);
    var pickle = PickleBytes.of(2).op('}').text("w");
    pickle.tensor("FloatStorage", "0", 1, 0, count + ";0").op('s');
    var path = directory.resolve("w.pt");
    Files.write(path, TorchBytes.zip(pickle.stop(), Map.of("data/0", new byte[4])));
    try (var weights = Weights.open(path)) {
      Exporter.export(
          ExportRequest.builder(model(count), weights, directory.resolve("m.onnx"))
              .allowExpandedTensors(isAllowed)
              .build());
    }
  }

  private static Model model(long count) {
    var model = new ModelBuilder("test", EmitOptions.STANDARD);
    var x = model.graph().input("x", new TensorType(ElementType.FLOAT32, Shape.of(1)));
    var scope = Scope.of(model.graph());
    model.output("y", scope.add(x, scope.parameter("w", count)));
    return model.build();
  }

  private String refusal(long mib, boolean isAllowed) throws IOException {
    var error = assertThrows(InputException.class, () -> export(mib, isAllowed));
    try (var files = Files.list(directory)) {
      assertEquals(1, files.count());
    }
    return String.valueOf(error.getMessage());
  }

  @Test
  void fourGigabytesNeedPermission() throws IOException {
    String message = refusal(4096, false);
    assertTrue(message.contains("'w' [1073741824] is expanded"), message);
    assertTrue(message.contains("4095 MiB of copies"), message);
  }

  @Test
  void aPetabyteNeedsSpace() throws IOException {
    String message = refusal(1L << 30, true);
    assertTrue(message.contains("cannot be written: 1073741824 MiB are needed"), message);
  }

  @Test
  void aLargeTensorIsWrittenWithPermission() throws IOException {
    export(65, true);
    assertTrue(Files.size(directory.resolve("m.onnx")) > 65 * MIB);
  }

  @Test
  void aSmallTensorNeedsNoPermission() throws IOException {
    export(1, false);
    assertTrue(Files.size(directory.resolve("m.onnx")) > MIB);
  }
}
