package ai.transonnx.verification.internal.twin;

import ai.transonnx.format.internal.proto.AttributeProto;
import ai.transonnx.format.internal.proto.AttributeProto.AttributeType;
import ai.transonnx.format.internal.proto.NodeProto;
import ai.transonnx.format.internal.proto.TensorProto;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads and writes attributes of nodes. */
final class Attributes {
  private Attributes() {}

  static Optional<AttributeProto> find(NodeProto node, String name) {
    return node.getAttributeList().stream().filter(a -> a.getName().equals(name)).findFirst();
  }

  static long integer(NodeProto node, String name, long otherwise) {
    return find(node, name).map(AttributeProto::getI).orElse(otherwise);
  }

  /** A float32 attribute, as exactly the number that it is. */
  static double number(NodeProto node, String name, double otherwise) {
    return find(node, name).map(a -> (double) a.getF()).orElse(otherwise);
  }

  static String text(NodeProto node, String name, String otherwise) {
    return find(node, name).map(a -> a.getS().toStringUtf8()).orElse(otherwise);
  }

  static List<Long> integers(NodeProto node, String name) {
    return find(node, name).map(AttributeProto::getIntsList).orElse(List.of());
  }

  static AttributeProto integer(String name, long value) {
    return named(name, AttributeType.INT).setI(value).build();
  }

  static AttributeProto integers(String name, List<Long> values) {
    return named(name, AttributeType.INTS).addAllInts(values).build();
  }

  static AttributeProto number(String name, float value) {
    return named(name, AttributeType.FLOAT).setF(value).build();
  }

  static AttributeProto tensor(String name, TensorProto value) {
    return named(name, AttributeType.TENSOR).setT(value).build();
  }

  private static AttributeProto.Builder named(String name, AttributeType type) {
    return AttributeProto.newBuilder().setName(name).setType(type);
  }

  /** The attributes of a node, with one of them replaced or added. */
  static List<AttributeProto> with(NodeProto node, AttributeProto attribute) {
    var attributes = without(node, attribute.getName());
    attributes.add(attribute);
    return attributes;
  }

  /** The attributes of a node but one, in a new list. */
  static List<AttributeProto> without(NodeProto node, String name) {
    var attributes = new ArrayList<>(node.getAttributeList());
    attributes.removeIf(attribute -> attribute.getName().equals(name));
    return attributes;
  }
}
