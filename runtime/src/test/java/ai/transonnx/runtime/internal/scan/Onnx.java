package ai.transonnx.runtime.internal.scan;

import ai.transonnx.format.internal.proto.AttributeProto;
import ai.transonnx.format.internal.proto.FunctionProto;
import ai.transonnx.format.internal.proto.GraphProto;
import ai.transonnx.format.internal.proto.ModelProto;
import ai.transonnx.format.internal.proto.NodeProto;
import ai.transonnx.format.internal.proto.OperatorSetIdProto;
import ai.transonnx.format.internal.proto.StringStringEntryProto;
import ai.transonnx.format.internal.proto.TensorProto;
import ai.transonnx.format.internal.proto.TensorShapeProto;
import ai.transonnx.format.internal.proto.TypeProto;
import ai.transonnx.format.internal.proto.ValueInfoProto;
import ai.transonnx.format.internal.wire.MessageWriter;
import java.util.List;

/** Messages of ONNX files that break its rules. Values are float32 without a shape. */
public final class Onnx {
  /** The domain of functions. */
  public static final String DOMAIN = "test";

  private static final int OPSET = 17;
  private static final int IR = 9;

  private Onnx() {}

  /** A model without a graph. */
  public static MessageWriter model() {
    return new MessageWriter()
        .number(ModelProto.IR_VERSION_FIELD_NUMBER, IR)
        .messages(ModelProto.OPSET_IMPORT_FIELD_NUMBER, opsets());
  }

  /** A model of one graph from {@code x} to {@code y}. */
  public static MessageWriter model(MessageWriter graph) {
    return model().message(ModelProto.GRAPH_FIELD_NUMBER, graph);
  }

  /** A valid model with one node. */
  public static MessageWriter valid() {
    return model(graph(node("Neg", "x", "y")));
  }

  /** A model with one node that calls {@code function}, and the function. */
  public static MessageWriter calling(String function, MessageWriter... functions) {
    return model(graph(call(function, "x", "y")))
        .messages(ModelProto.FUNCTIONS_FIELD_NUMBER, List.of(functions));
  }

  /** A graph from {@code x} to {@code y}. */
  public static MessageWriter graph(MessageWriter... nodes) {
    return subgraph("y", nodes).message(GraphProto.INPUT_FIELD_NUMBER, value("x", shape("n")));
  }

  /** A graph without inputs. */
  public static MessageWriter subgraph(String output, MessageWriter... nodes) {
    return new MessageWriter()
        .text(GraphProto.NAME_FIELD_NUMBER, "graph")
        .messages(GraphProto.NODE_FIELD_NUMBER, List.of(nodes))
        .message(GraphProto.OUTPUT_FIELD_NUMBER, value(output, shape("n")));
  }

  /** A named value. */
  public static MessageWriter value(String name, MessageWriter shape) {
    var tensor =
        new MessageWriter()
            .number(TypeProto.Tensor.ELEM_TYPE_FIELD_NUMBER, TensorProto.DataType.FLOAT_VALUE)
            .message(TypeProto.Tensor.SHAPE_FIELD_NUMBER, shape);
    return new MessageWriter()
        .text(ValueInfoProto.NAME_FIELD_NUMBER, name)
        .message(
            ValueInfoProto.TYPE_FIELD_NUMBER,
            new MessageWriter().message(TypeProto.TENSOR_TYPE_FIELD_NUMBER, tensor));
  }

  /** A shape of named dimensions. */
  public static MessageWriter shape(String... dims) {
    var shape = new MessageWriter();
    for (var dim : dims) {
      shape.message(
          TensorShapeProto.DIM_FIELD_NUMBER,
          new MessageWriter().text(TensorShapeProto.Dimension.DIM_PARAM_FIELD_NUMBER, dim));
    }
    return shape;
  }

  /** A node; inputs and outputs are separated by spaces. */
  public static MessageWriter node(String type, String inputs, String outputs) {
    return new MessageWriter()
        .texts(NodeProto.INPUT_FIELD_NUMBER, names(inputs))
        .texts(NodeProto.OUTPUT_FIELD_NUMBER, names(outputs))
        .text(NodeProto.OP_TYPE_FIELD_NUMBER, type);
  }

  /** A node that calls a function. */
  public static MessageWriter call(String function, String inputs, String outputs) {
    return node(function, inputs, outputs).text(NodeProto.DOMAIN_FIELD_NUMBER, DOMAIN);
  }

  /** An If with a graph, and another that is a constant. */
  public static MessageWriter choice(String condition, String output, MessageWriter branch) {
    var other = subgraph("other", constant("other", floats("", Float.BYTES)));
    return node("If", condition, output)
        .message(NodeProto.ATTRIBUTE_FIELD_NUMBER, graphAttribute("then_branch", branch))
        .message(NodeProto.ATTRIBUTE_FIELD_NUMBER, graphAttribute("else_branch", other));
  }

  /** A constant. */
  public static MessageWriter constant(String output, MessageWriter tensor) {
    return node("Constant", "", output)
        .message(NodeProto.ATTRIBUTE_FIELD_NUMBER, tensorAttribute("value", tensor));
  }

  /** An attribute that is a tensor. */
  public static MessageWriter tensorAttribute(String name, MessageWriter tensor) {
    return attribute(name, AttributeProto.AttributeType.TENSOR_VALUE)
        .message(AttributeProto.T_FIELD_NUMBER, tensor);
  }

  /** An attribute that is a graph. */
  public static MessageWriter graphAttribute(String name, MessageWriter graph) {
    return attribute(name, AttributeProto.AttributeType.GRAPH_VALUE)
        .message(AttributeProto.G_FIELD_NUMBER, graph);
  }

  /** An attribute of a type, without a value. */
  public static MessageWriter attribute(String name, int type) {
    return new MessageWriter()
        .text(AttributeProto.NAME_FIELD_NUMBER, name)
        .number(AttributeProto.TYPE_FIELD_NUMBER, type);
  }

  /** A function; inputs and outputs are separated by spaces. */
  public static MessageWriter function(
      String name, String inputs, String outputs, MessageWriter... nodes) {
    return new MessageWriter()
        .text(FunctionProto.NAME_FIELD_NUMBER, name)
        .text(FunctionProto.DOMAIN_FIELD_NUMBER, DOMAIN)
        .texts(FunctionProto.INPUT_FIELD_NUMBER, names(inputs))
        .texts(FunctionProto.OUTPUT_FIELD_NUMBER, names(outputs))
        .messages(FunctionProto.NODE_FIELD_NUMBER, List.of(nodes))
        .messages(FunctionProto.OPSET_IMPORT_FIELD_NUMBER, opsets());
  }

  /** A tensor without data. */
  public static MessageWriter tensor(String name, int type, Long... dims) {
    return new MessageWriter()
        .numbers(TensorProto.DIMS_FIELD_NUMBER, List.of(dims))
        .number(TensorProto.DATA_TYPE_FIELD_NUMBER, type)
        .text(TensorProto.NAME_FIELD_NUMBER, name);
  }

  /** A float32 tensor with bytes of zero. */
  public static MessageWriter floats(String name, int bytes, Long... dims) {
    return tensor(name, TensorProto.DataType.FLOAT_VALUE, dims)
        .bytes(TensorProto.RAW_DATA_FIELD_NUMBER, new byte[bytes]);
  }

  /** A scalar that is true. */
  public static MessageWriter truth() {
    return tensor("", TensorProto.DataType.BOOL_VALUE)
        .bytes(TensorProto.RAW_DATA_FIELD_NUMBER, new byte[] {1});
  }

  /** A key with its value. */
  public static MessageWriter entry(String key, String value) {
    return new MessageWriter()
        .text(StringStringEntryProto.KEY_FIELD_NUMBER, key)
        .text(StringStringEntryProto.VALUE_FIELD_NUMBER, value);
  }

  private static List<MessageWriter> opsets() {
    return List.of(opset("", OPSET), opset(DOMAIN, 1));
  }

  private static MessageWriter opset(String domain, int version) {
    return new MessageWriter()
        .text(OperatorSetIdProto.DOMAIN_FIELD_NUMBER, domain)
        .number(OperatorSetIdProto.VERSION_FIELD_NUMBER, version);
  }

  private static List<String> names(String text) {
    return text.isEmpty() ? List.of() : List.of(text.split(" ", -1));
  }
}
