package ai.transonnx.format;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FormerRolesTest {
  private static String list(String text) {
    return Arrays.stream(text.split("/"))
        .map(dim -> dim.matches("[0-9]+") ? dim : '"' + dim + '"')
        .collect(Collectors.joining(",", "[", "]"));
  }

  private static StateRole role(
      String input, String type, String shape, String first, Map<String, String> others) {
    var entries = new HashMap<>(others);
    entries.put(
        MetadataKey.STATE.key(),
        "[{\"input\":\"%s\",\"output\":\"present\",\"type\":\"%s\",\"shape\":%s,\"first\":%s}]"
            .formatted(input, type, list(shape), list(first)));
    return StateJson.read(entries).get(0).role();
  }

  @ParameterizedTest
  @CsvSource({
    "past_sum_0,      float32, batch/1/16,         batch/1/16,  recurrent",
    "past_mem_0,      float32, batch/past/16,      batch/0/16,  memory",
    "past_state_0,    float32, batch/state_past/8, batch/0/8,   memory",
    "past_keys_0,     float16, batch/2/capacity/8, batch/2/0/8, buffer",
    "past_kept,       bool,    batch/capacity,     batch/0,     buffer",
    "past_keys_0,     float32, batch/slots/12,     batch/8/12,  group",
    "past_memory_0,   float32, batch/slots + 12/8, batch/20/8,  group",
    "past_sum,        int64,   batch/slots,        batch/1,     group",
    "past_context_k,  float32, 2/4/kept_context/8, 2/4/0/8,     context",
    "past_position,   int64,   batch,              batch,       counter",
    "past_memory,     int64,   3,                  3,           counter",
    "past_window,     int64,   batch,              batch,       window",
    "past_window,     float32, batch,              batch,       recurrent",
    "past_sum,        int64,   batch/1,            batch/1,     recurrent",
  })
  void followFromNames(String input, String type, String shape, String first, String role) {
    assertEquals(role, role(input, type, shape, first, Map.of()).label());
  }

  @Test
  void buffersOfAModelWithARingAreRings() {
    var ring = Map.of(MetadataKey.RING_SLOTS.key(), "9");
    assertEquals(StateRole.RING, role("past_keys_0", "float32", "batch/capacity", "batch/0", ring));
    assertEquals(StateRole.COUNTER, role("past_position", "int64", "batch", "batch", ring));
  }
}
