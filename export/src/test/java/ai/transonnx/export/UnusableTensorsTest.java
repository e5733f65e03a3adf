package ai.transonnx.export;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.transonnx.InputException;
import ai.transonnx.export.internal.weights.TestWeights;
import ai.transonnx.export.internal.zip.ZipBytes;
import ai.transonnx.format.ElementType;
import ai.transonnx.graph.EmitOptions;
import ai.transonnx.graph.ModelBuilder;
import ai.transonnx.graph.Shape;
import ai.transonnx.graph.TensorType;
import ai.transonnx.op.Scope;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tensors of types that are not supported: no problem unless a model needs them. */
class UnusableTensorsTest {
  @TempDir private Path directory = Path.of("");

  /** Exports a model that needs one float32 tensor of four elements, of a file with others. */
  private void export(Path weights, String name) {
    var model = new ModelBuilder("test", EmitOptions.STANDARD);
    var x = model.graph().input("x", new TensorType(ElementType.FLOAT32, Shape.of(4)));
    var scope = Scope.of(model.graph());
    model.output("y", scope.add(x, scope.parameter(name, 4)));
    try (var opened = Weights.open(weights)) {
      Exporter.export(
          ExportRequest.builder(model.build(), opened, directory.resolve("m.onnx"))
              .unusedWeights(List.of("plain", "parameter", "buffer"))
              .build());
    }
  }

  private void assertRefused(Path weights, String name, String reason) {
    var error = assertThrows(InputException.class, () -> export(weights, name));
    String message = String.valueOf(error.getMessage());
    assertTrue(
        message.startsWith(weights + ": these weights do not fit the configuration"), message);
    assertTrue(
        message.endsWith("(tensors: 1 missing): %s [4] cannot be used: %s".formatted(name, reason)),
        message);
  }

  private Path safetensors() throws IOException {
    String header =
        """
        {"plain": {"dtype": "F32", "shape": [4], "data_offsets": [0, 16]},
         "float8": {"dtype": "F8_E4M3", "shape": [4], "data_offsets": [16, 20]}}\
        """;
    return TestWeights.write(
        directory.resolve("w.safetensors"), header.getBytes(UTF_8), new byte[20]);
  }

  private Path npz() throws IOException {
    var zip = new ZipBytes().add("plain.npy", npy("<f4", 16)).add("objects.npy", npy("|O", 20));
    return Files.write(directory.resolve("w.npz"), zip.toByteArray());
  }

  private static byte[] npy(String type, int bytes) {
    var header =
        "{'descr': '%s', 'fortran_order': False, 'shape': (4,), }".formatted(type).getBytes(UTF_8);
    return ByteBuffer.allocate(10 + header.length + bytes)
        .put(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0, (byte) header.length, 0})
        .put(header)
        .array();
  }

  private static Path torch() throws URISyntaxException {
    var resource =
        UnusableTensorsTest.class.getResource("/ai/transonnx/export/internal/torch/kinds.pt");
    return Path.of(Objects.requireNonNull(resource).toURI());
  }

  @Test
  void thoseThatAreNotNeededDoNotMatter() throws IOException, URISyntaxException {
    for (var path : Set.of(safetensors(), npz(), torch())) {
      export(path, "plain");
    }
  }

  @Test
  void thoseOfPyTorchNameTheirType() throws URISyntaxException {
    assertRefused(
        torch(), "float8", "it is a tensor of type float8_e4m3fn, which is not supported");
    assertRefused(torch(), "quantized", "it is a quantized tensor, which is not supported");
  }

  @Test
  void thoseOfSafetensorsNameTheirType() throws IOException {
    assertRefused(
        safetensors(),
        "float8",
        "dtype 'F8_E4M3' is not supported; it must be one of F64, F32, F16, BF16, I64, I32, I16,"
            + " I8, U64, U32, U16, U8, BOOL");
  }

  @Test
  void thoseOfNumpyNameTheirType() throws IOException {
    assertRefused(
        npz(),
        "objects",
        "its element type '|O' is not supported; supported types are f2, f4, f8, i1 to i8, u1 to u8"
            + " and b1");
  }
}
