package ai.transonnx.export;

import ai.transonnx.format.MetadataKey;
import ai.transonnx.format.StateJson;
import ai.transonnx.graph.Model;
import java.util.SortedMap;
import java.util.TreeMap;

/** The metadata of an exported file. */
final class Metadata {
  private Metadata() {}

  /** All entries except the weights' fingerprint. */
  static SortedMap<String, String> of(Model model, Provenance origin) {
    var entries = new TreeMap<>(model.properties());
    entries.put(MetadataKey.LIBRARY.key(), origin.library());
    entries.put(MetadataKey.LIBRARY_VERSION.key(), origin.version());
    entries.put(MetadataKey.CONFIG.key(), origin.config());
    entries.put(MetadataKey.VERSION.key(), ToolVersion.current());
    entries.put(MetadataKey.STATE.key(), StateJson.write(model.state()));
    return entries;
  }
}
