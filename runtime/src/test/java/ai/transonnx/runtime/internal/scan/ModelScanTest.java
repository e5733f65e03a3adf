package ai.transonnx.runtime.internal.scan;

import static ai.transonnx.runtime.internal.scan.Onnx.call;
import static ai.transonnx.runtime.internal.scan.Onnx.entry;
import static ai.transonnx.runtime.internal.scan.Onnx.floats;
import static ai.transonnx.runtime.internal.scan.Onnx.graph;
import static ai.transonnx.runtime.internal.scan.Onnx.model;
import static ai.transonnx.runtime.internal.scan.Onnx.node;
import static ai.transonnx.runtime.internal.scan.Onnx.subgraph;
import static ai.transonnx.runtime.internal.scan.Onnx.tensor;
import static ai.transonnx.runtime.internal.scan.Onnx.valid;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import ai.transonnx.InputException;
import ai.transonnx.format.internal.proto.GraphProto;
import ai.transonnx.format.internal.proto.ModelProto;
import ai.transonnx.format.internal.proto.SparseTensorProto;
import ai.transonnx.format.internal.proto.TensorProto;
import ai.transonnx.format.internal.proto.TypeProto;
import ai.transonnx.format.internal.wire.MessageWriter;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files with one thing that ONNX Runtime must not see; functions have tests of their own. */
class ModelScanTest {
  @TempDir private Path folder = Path.of("");

  private Path file = Path.of("");

  @BeforeEach
  void name() {
    file = folder.resolve("model.onnx");
  }

  private Path written(MessageWriter model) throws IOException {
    return Files.write(file, model.encode().toByteArray());
  }

  private void accepts(MessageWriter model) throws IOException {
    var written = written(model);
    assertDoesNotThrow(() -> ModelScan.check(written));
  }

  private void refuses(MessageWriter model, String problem) throws IOException {
    refuses(written(model), problem);
  }

  private static void refuses(Path written, String problem) {
    var error = assertThrows(InputException.class, () -> ModelScan.check(written));
    assertEquals(written + ": " + problem, error.getMessage());
  }

  private static MessageWriter withMetadata(MessageWriter... entries) {
    return valid().messages(ModelProto.METADATA_PROPS_FIELD_NUMBER, List.of(entries));
  }

  private static MessageWriter initializer(MessageWriter tensor) {
    return model(
        graph(node("Add", "x w", "y")).message(GraphProto.INITIALIZER_FIELD_NUMBER, tensor));
  }

  @Test
  void aValidModel() throws IOException {
    accepts(valid());
    accepts(withMetadata(entry("key", "\ud83d\ude00")));
    accepts(initializer(floats("w", 4, 1L)));
  }

  @Test
  void aNulInMetadata() throws IOException {
    refuses(withMetadata(entry("a\0b", "c")), "the text 'a?b' contains a NUL character");
    refuses(withMetadata(entry("a", "b\0c")), "the text 'b?c' contains a NUL character");
  }

  @Test
  void aNulInANameOrDimension() throws IOException {
    refuses(model(graph(node("Neg", "x\0", "y"))), "the text 'x?' contains a NUL character");
    var named =
        graph(node("Neg", "x", "y"))
            .message(GraphProto.INPUT_FIELD_NUMBER, Onnx.value("z", Onnx.shape("b\0")));
    refuses(model(named), "the text 'b?' contains a NUL character");
  }

  @Test
  void aTextThatIsNotUtf8() throws IOException {
    var bytes = "producer \u00e9".getBytes(StandardCharsets.ISO_8859_1);
    var producer = new MessageWriter().bytes(ModelProto.PRODUCER_NAME_FIELD_NUMBER, bytes);
    refuses(producer, "not an ONNX file: the text before byte 12 is not UTF-8");
  }

  @Test
  void thousandsOfMetadataEntries() throws IOException {
    var model = valid();
    IntStream.rangeClosed(0, Limits.METADATA_ENTRIES)
        .forEach(i -> model.message(ModelProto.METADATA_PROPS_FIELD_NUMBER, entry("k" + i, "")));
    refuses(model, "it has more than 4096 entries of metadata, the most that can be loaded");
  }

  @Test
  void documentationOfMegabytes() throws IOException {
    refuses(
        valid().text(ModelProto.DOC_STRING_FIELD_NUMBER, "a".repeat(9 << 20)),
        "its names and texts are far longer than those of a model");
  }

  @Test
  void aNameOfMegabytes() throws IOException {
    var name = "n".repeat(Limits.NAME_LENGTH + 1);
    refuses(
        model(graph(node("Neg", "x", name))),
        "the name '%s...' has 65537 characters; names have at most 65536"
            .formatted("n".repeat(80)));
  }

  @Test
  void tensOfThousandsOfInputs() throws IOException {
    var graph = graph(node("Neg", "x", "y"));
    IntStream.rangeClosed(0, Limits.PORTS)
        .forEach(
            i -> graph.message(GraphProto.INPUT_FIELD_NUMBER, Onnx.value("i" + i, Onnx.shape())));
    refuses(
        model(graph),
        "it has more than 16384 inputs and outputs of graphs, the most that can be loaded");
  }

  @Test
  void tensOfThousandsOfInitializers() throws IOException {
    var graph = graph(node("Neg", "x", "y"));
    IntStream.rangeClosed(0, Limits.INITIALIZERS)
        .forEach(i -> graph.message(GraphProto.INITIALIZER_FIELD_NUMBER, floats("i" + i, 4)));
    refuses(model(graph), "it has more than 32768 initializers, the most that can be loaded");
  }

  @Test
  void millionsOfNodesThatTakeTwoBytesEach() throws IOException {
    var nodes = new byte[2 * (1 << 21)];
    IntStream.range(0, nodes.length / 2).forEach(i -> nodes[2 * i] = 1 << 3 | 2);
    refuses(
        model(new MessageWriter().encoded(nodes)),
        "it has more than 1048576 nodes after the expansion of functions, the most that can be loaded");
  }

  @Test
  void subgraphsThatAreNestedDeeply() throws IOException {
    var graph = subgraph("s", node("Neg", "x", "s"));
    for (int i = 0; i < 40; i++) {
      graph = subgraph("s", Onnx.choice("c", "s", graph));
    }
    refuses(model(graph), "graphs are nested more than 64 deep");
  }

  @Test
  void aTypeOfSequencesOfSequences() throws IOException {
    var type = new MessageWriter();
    for (int i = 0; i < 40; i++) {
      var elements = new MessageWriter().message(TypeProto.Sequence.ELEM_TYPE_FIELD_NUMBER, type);
      type = new MessageWriter().message(TypeProto.SEQUENCE_TYPE_FIELD_NUMBER, elements);
    }
    var input = new MessageWriter().text(1, "z").message(2, type);
    refuses(
        model(graph(node("Neg", "x", "y")).message(GraphProto.INPUT_FIELD_NUMBER, input)),
        "graphs are nested more than 64 deep");
  }

  @Test
  void aShapeOfManyDimensions() throws IOException {
    var ones = Collections.nCopies(Limits.RANK + 1, 1L).toArray(Long[]::new);
    refuses(
        initializer(floats("w", 4, ones)),
        "it has more than 64 dimensions in one tensor, the most that can be loaded");
    var names = Collections.nCopies(Limits.RANK + 1, "n").toArray(String[]::new);
    refuses(
        model(
            graph(node("Neg", "x", "y"))
                .message(GraphProto.INPUT_FIELD_NUMBER, Onnx.value("z", Onnx.shape(names)))),
        "it has more than 64 dimensions in one shape, the most that can be loaded");
  }

  @Test
  void aTensorWithLessDataThanItsShape() throws IOException {
    refuses(
        initializer(floats("w", 4, 2L)),
        "tensor 'w' needs 8 bytes for its shape, and has 4; the file is damaged");
    refuses(
        model(graph(Onnx.constant("y", floats("v", 0, 1L << 40)))),
        "tensor 'v' needs 4398046511104 bytes for its shape, and has 0; the file is damaged");
    refuses(
        initializer(
            tensor("w", TensorProto.DataType.INT64_VALUE, 3L)
                .number(TensorProto.INT64_DATA_FIELD_NUMBER, 1)),
        "tensor 'w' needs 3 elements for its shape, and has 1 bytes of them; the file is damaged");
    refuses(
        initializer(tensor("w", TensorProto.DataType.STRING_VALUE, 1L << 30)),
        "tensor 'w' needs 1073741824 texts for its shape, and has 0; the file is damaged");
  }

  @Test
  void aTensorWithANegativeOrEndlessShape() throws IOException {
    refuses(initializer(floats("w", 4, -1L, -1L)), "tensor 'w' has a negative dimension");
    refuses(
        initializer(floats("w", 4, 1L << 62, 4L)),
        "tensor 'w' has more elements than a file can hold");
  }

  @Test
  void aSparseTensorThatWouldFillTheMemory() throws IOException {
    var sparse =
        new MessageWriter()
            .message(SparseTensorProto.VALUES_FIELD_NUMBER, floats("w", 4, 1L))
            .message(
                SparseTensorProto.INDICES_FIELD_NUMBER,
                tensor("i", TensorProto.DataType.INT64_VALUE, 1L)
                    .number(TensorProto.INT64_DATA_FIELD_NUMBER, 1))
            .number(SparseTensorProto.DIMS_FIELD_NUMBER, 1L << 40);
    refuses(
        model(
            graph(node("Add", "x w", "y"))
                .message(GraphProto.SPARSE_INITIALIZER_FIELD_NUMBER, sparse)),
        "it has more than 1073741824 bytes of sparse tensors in their dense form, the most that can be loaded");
  }

  @Test
  void aFieldThatOccursTwice() throws IOException {
    var graph = graph(node("Neg", "x", "y"));
    refuses(
        model(graph).message(ModelProto.GRAPH_FIELD_NUMBER, graph),
        "not a valid ONNX file: a message has its field 7 twice");
    refuses(
        initializer(floats("w", 4, 1L).bytes(TensorProto.RAW_DATA_FIELD_NUMBER, new byte[4])),
        "not a valid ONNX file: a message has its field 9 twice");
  }

  @Test
  void onnxRuntimesOwnFormat() throws IOException {
    var bytes = "\24\0\0\0ORTM".getBytes(StandardCharsets.ISO_8859_1);
    refuses(Files.write(file, bytes), "is in ONNX Runtime's own format, not an ONNX file");
  }

  @Test
  void aFileThatProtobufCannotRead() throws IOException {
    try (var large = new RandomAccessFile(file.toFile(), "rw")) {
      large.setLength(1L << 31);
    }
    refuses(
        file,
        "has 2147483648 bytes; an ONNX file has at most 2147483647, and larger weights in other files");
  }

  @Test
  void aFileWithoutAGraphIsLeftToOnnxRuntime() throws IOException {
    accepts(model());
    accepts(new MessageWriter());
    accepts(model(graph(call("unknown", "x", "y"))));
  }
}
