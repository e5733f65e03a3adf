package ai.transonnx.export.internal.distributed;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.transonnx.export.internal.pickle.PickleValue;
import ai.transonnx.export.internal.pickle.PickleValue.Int;
import ai.transonnx.export.internal.pickle.PickleValue.Mapping;
import ai.transonnx.export.internal.pickle.PickleValue.None;
import ai.transonnx.export.internal.pickle.PickleValue.Text;
import ai.transonnx.export.internal.pickle.PickleValue.Tuple;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The paths of keys in the index of a distributed checkpoint. */
class IndexTest {
  private static Map<String, List<PickleValue>> paths(PickleValue... keys) {
    var paths = new Mapping();
    paths.put(new Text("net.w"), new Tuple(List.of(keys)));
    var metadata = new Mapping();
    metadata.put(new Text("storage_data"), new Mapping());
    metadata.put(new Text("state_dict_metadata"), new Mapping());
    metadata.put(new Text("planner_data"), paths);
    return Index.of(metadata).paths();
  }

  @Test
  void keysAreStringsAndNumbers() {
    assertEquals(
        Map.of("net.w", List.of(new Text("net"), new Int(0))), paths(new Text("net"), new Int(0)));
  }

  /** Comparing such keys would take time that doubles with each of their levels. */
  @Test
  void keysOfSharedTuplesAreIgnored() {
    PickleValue key = new None();
    for (int i = 0; i < 100; i++) {
      key = new Tuple(List.of(key, key));
    }
    assertEquals(Set.of(), paths(key, new Text("w")).keySet());
  }
}
