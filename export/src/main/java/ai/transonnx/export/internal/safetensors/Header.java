package ai.transonnx.export.internal.safetensors;

import ai.transonnx.graph.TensorType;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/** The content of a header. Each tensor is checked on its own. */
record Header(List<Entry> entries, SortedMap<String, String> metadata) {
  /**
   * A tensor. The length of its data is that of its type, if it is supported.
   *
   * @param dtype the name of its element type in the file
   * @param type the type; empty if the element type is not supported
   * @param begin the start of its data, in bytes after the header
   * @param end the end of its data, exclusive
   */
  record Entry(String name, String dtype, Optional<TensorType> type, long begin, long end) {}
}
