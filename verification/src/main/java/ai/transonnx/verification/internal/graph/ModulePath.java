package ai.transonnx.verification.internal.graph;

import ai.transonnx.format.internal.proto.NodeProto;

/** The path of the module that a node belongs to. */
public final class ModulePath {
  private ModulePath() {}

  /**
   * The part of the node's name before the last slash, such as {@code attn_layers.layers.0.1} of
   * {@code attn_layers.layers.0.1/Softmax}. Exporters of PyTorch name nodes in the same way, with
   * slashes between modules as well: {@code /model/layers.0/attn/Softmax}, whose path is {@code
   * model/layers.0/attn}.
   *
   * @return empty if the name has no path
   */
  public static String of(NodeProto node) {
    var name =
        node.getName().isEmpty() && node.getOutputCount() > 0 ? node.getOutput(0) : node.getName();
    int end = name.lastIndexOf('/');
    int start = name.startsWith("/") ? 1 : 0;
    return end <= start ? "" : name.substring(start, end);
  }
}
