package ai.transonnx.export.inspect;

import ai.transonnx.export.internal.weights.ContentStream;
import ai.transonnx.export.internal.weights.MappedFile;
import ai.transonnx.format.internal.proto.ModelProto;
import ai.transonnx.format.internal.proto.OperatorSetIdProto;
import ai.transonnx.format.internal.proto.StringStringEntryProto;
import ai.transonnx.format.internal.wire.MessageReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Reads a {@code ModelProto}. */
final class ModelReader {
  private final MessageReader input;
  private final SortedMap<String, Long> opsets = new TreeMap<>();
  private final SortedMap<String, String> metadata = new TreeMap<>();
  private final List<FunctionSummary> functions = new ArrayList<>();
  private long irVersion;
  private String producer = "";
  private String producerVersion = "";
  private @Nullable GraphReader graph;

  private ModelReader(MessageReader input) {
    this.input = input;
  }

  static OnnxSummary read(MappedFile file) {
    var input = new MessageReader(file.path(), new ContentStream(file, file.size()));
    var model = new ModelReader(input);
    input.file(model::field);
    if (model.irVersion == 0 || model.graph == null) {
      throw input.error(
          "not an ONNX file: it has no " + (model.irVersion == 0 ? "IR version" : "graph"));
    }
    return new OnnxSummary(
        file.path(),
        file.size(),
        model.irVersion,
        (model.producer + " " + model.producerVersion).strip(),
        model.opsets,
        model.metadata,
        model.graph.summary(),
        List.copyOf(model.functions));
  }

  private void field(int number) throws IOException {
    switch (number) {
      case ModelProto.IR_VERSION_FIELD_NUMBER -> irVersion = input.number();
      case ModelProto.PRODUCER_NAME_FIELD_NUMBER -> producer = input.text();
      case ModelProto.PRODUCER_VERSION_FIELD_NUMBER -> producerVersion = input.text();
      case ModelProto.OPSET_IMPORT_FIELD_NUMBER -> {
        var opset = OperatorSetIdProto.parseFrom(input.smallMessage());
        opsets.put(opset.getDomain(), opset.getVersion());
      }
      case ModelProto.METADATA_PROPS_FIELD_NUMBER -> {
        var entry = new MetadataEntry(input);
        input.message(entry::field);
        metadata.put(entry.key, entry.value);
      }
      case ModelProto.GRAPH_FIELD_NUMBER -> {
        graph = new GraphReader(input);
        input.message(graph::field);
      }
      case ModelProto.FUNCTIONS_FIELD_NUMBER -> functions.add(FunctionReader.read(input));
      default -> input.skip();
    }
  }

  /** An entry of the metadata. Its value can be long. */
  private static final class MetadataEntry {
    private final MessageReader input;
    private String key = "";
    private String value = "";

    MetadataEntry(MessageReader input) {
      this.input = input;
    }

    void field(int number) throws IOException {
      switch (number) {
        case StringStringEntryProto.KEY_FIELD_NUMBER -> key = input.text();
        case StringStringEntryProto.VALUE_FIELD_NUMBER -> value = input.text();
        default -> input.skip();
      }
    }
  }
}
