package ai.transonnx.export.internal.safetensors;

import ai.transonnx.graph.TensorType;
import java.util.List;
import java.util.SortedMap;

/** What a header says, each tensor checked by itself. */
record Header(List<Entry> entries, SortedMap<String, String> metadata) {
  /**
   * A tensor. Its span is as long as its type needs.
   *
   * @param begin of the span, in bytes after the header
   * @param end exclusive
   */
  record Entry(String name, TensorType type, long begin, long end) {}
}
