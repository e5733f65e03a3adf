package ai.transonnx.runtime.internal.scan;

import ai.transonnx.InputException;
import ai.transonnx.format.internal.Printable;
import ai.transonnx.format.internal.file.FileErrors;
import ai.transonnx.format.internal.file.PlainFile;
import ai.transonnx.format.internal.proto.AttributeProto;
import ai.transonnx.format.internal.proto.FunctionProto;
import ai.transonnx.format.internal.proto.GraphProto;
import ai.transonnx.format.internal.proto.ModelProto;
import ai.transonnx.format.internal.proto.NodeProto;
import ai.transonnx.format.internal.proto.SparseTensorProto;
import ai.transonnx.format.internal.proto.TensorProto;
import ai.transonnx.format.internal.wire.ChannelStream;
import ai.transonnx.format.internal.wire.MessageReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.SortedSet;
import java.util.TreeSet;

/** The files with the data of a model's tensors. They need not exist. */
public final class ExternalLocations {
  private final Source source;
  private final SortedSet<Path> files = new TreeSet<>();

  private ExternalLocations(Source source) {
    this.source = source;
  }

  /**
   * The files, relative to the model's folder, in the order of their names.
   *
   * @throws InputException if the model cannot be read, or names a file outside of its folder
   */
  public static SortedSet<Path> of(Path model) {
    try (var channel = PlainFile.channel(model)) {
      var in = new MessageReader(model, new ChannelStream(channel));
      var locations = new ExternalLocations(new Source(model, in));
      in.file(locations::inModel);
      return locations.files;
    } catch (IOException e) {
      throw new InputException(model + ": " + FileErrors.unreadable(e), e);
    }
  }

  private void inModel(int number) throws IOException {
    switch (number) {
      case ModelProto.GRAPH_FIELD_NUMBER -> source.message(this::inGraph);
      case ModelProto.FUNCTIONS_FIELD_NUMBER -> source.message(this::inFunction);
      default -> source.skip();
    }
  }

  private void inFunction(int number) throws IOException {
    switch (number) {
      case FunctionProto.NODE_FIELD_NUMBER -> source.message(this::inNode);
      case FunctionProto.ATTRIBUTE_PROTO_FIELD_NUMBER -> source.message(this::inAttribute);
      default -> source.skip();
    }
  }

  private void inGraph(int number) throws IOException {
    switch (number) {
      case GraphProto.NODE_FIELD_NUMBER -> source.message(this::inNode);
      case GraphProto.INITIALIZER_FIELD_NUMBER -> tensor();
      case GraphProto.SPARSE_INITIALIZER_FIELD_NUMBER -> source.message(this::inSparseTensor);
      default -> source.skip();
    }
  }

  private void inNode(int number) throws IOException {
    if (number == NodeProto.ATTRIBUTE_FIELD_NUMBER) {
      source.message(this::inAttribute);
    } else {
      source.skip();
    }
  }

  private void inAttribute(int number) throws IOException {
    switch (number) {
      case AttributeProto.T_FIELD_NUMBER, AttributeProto.TENSORS_FIELD_NUMBER -> tensor();
      case AttributeProto.SPARSE_TENSOR_FIELD_NUMBER, AttributeProto.SPARSE_TENSORS_FIELD_NUMBER ->
          source.message(this::inSparseTensor);
      case AttributeProto.G_FIELD_NUMBER, AttributeProto.GRAPHS_FIELD_NUMBER ->
          source.message(this::inGraph);
      default -> source.skip();
    }
  }

  private void inSparseTensor(int number) throws IOException {
    switch (number) {
      case SparseTensorProto.VALUES_FIELD_NUMBER, SparseTensorProto.INDICES_FIELD_NUMBER ->
          tensor();
      default -> source.skip();
    }
  }

  private void tensor() throws IOException {
    var data = new ExternalData(source);
    var name = new String[] {""};
    var location = new long[1];
    source.message(
        number -> {
          switch (number) {
            case TensorProto.NAME_FIELD_NUMBER -> name[0] = source.name();
            case TensorProto.EXTERNAL_DATA_FIELD_NUMBER -> data.entry();
            case TensorProto.DATA_LOCATION_FIELD_NUMBER ->
                location[0] = source.in().passingNumber();
            default -> source.skip();
          }
        });
    if (location[0] == TensorProto.DataLocation.EXTERNAL_VALUE
        && files.add(data.location("tensor " + Printable.quoted(name[0])))) {
      source.in().keep(Long.BYTES);
    }
  }
}
