package ai.transonnx.format;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.transonnx.InputException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class StateJsonTest {
  private static final String GOOD =
      "{'input':'past','output':'present','type':'float32',"
          + "'shape':['batch','slots + 4',8],'first':['batch',4,8],'role':'group'}";

  private static List<StateTensor> read(String json) {
    return StateJson.read(Map.of(MetadataKey.STATE.key(), json.replace('\'', '"')));
  }

  private static StateTensor tensor(StateRole role) {
    boolean isCounter = role == StateRole.COUNTER || role == StateRole.WINDOW;
    var dims = List.of(StateTensor.BATCH);
    return new StateTensor(
        "past", "present", isCounter ? ElementType.INT64 : ElementType.BOOL, dims, dims, role);
  }

  @ParameterizedTest
  @EnumSource
  void readsWhatItWrites(StateRole role) {
    var state = List.of(tensor(role));
    assertEquals(state, read(StateJson.write(state)));
  }

  @Test
  void sizesAreNumbersNamesAndSums() {
    var state = read("[" + GOOD + "]");
    assertEquals(
        List.of(Dim.of("batch"), Dim.of("slots").plus(4), Dim.of(8)), state.get(0).shape());
    assertEquals(("[" + GOOD + "]").replace('\'', '"'), StateJson.write(state));
  }

  @Test
  void aFileWithoutAListHasNoState() {
    assertEquals(List.of(), StateJson.read(Map.of()));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          'role':'group'  | 'role':'grope'     | [0].role: 'grope' is none of [recurrent, memory,
          'role':'group'  | 'role':'GROUP'     | [0].role: 'GROUP' is none of
          'role':'group'  | 'role':null        | [0].role is 'null', not a name
          'role':'group'  | 'role':''          | [0].role is '""', not a name
          'role':'group'  | 'role':['group']   | [0].role is '["group"]', not a name
          'role':'group'  | 'role':'counter'   | [0]: role 'counter' needs int64[batch], but the
          'role':'group'  | 'role':'recurrent' | [0]: role 'recurrent' needs a fixed size for each
          'type':'float32'| 'type':'string'    | [0].type: 'string' is no type
          'slots + 4'     | '12'               | [0].shape[1] is '"12"', not a name
          'slots + 4'     | ''                 | [0].shape[1] is '""', not a name
          'first':['batch'| 'first':['rows'    | [0].first: 'rows' is neither a number nor 'batch'
          """)
  void aFieldThatIsWrongIsNamed(String good, String bad, String why) {
    assertTrue(GOOD.contains(good));
    var e = assertThrows(InputException.class, () -> read("[" + GOOD.replace(good, bad) + "]"));
    var message = String.valueOf(e.getMessage());
    assertTrue(message.startsWith("metadata 'transonnx.state' [0]"), message);
    assertTrue(message.contains(why), message);
  }

  @Test
  void hostileListsAreRefusedInAShortLine() {
    var many = "'n\\n',".repeat(100_000);
    for (var shape : List.of("[" + many + "1]", "['" + "n".repeat(1 << 20) + "']")) {
      var json = GOOD.replace("['batch','slots + 4',8]", shape);
      assertTimeoutPreemptively(
          Duration.ofSeconds(10),
          () -> {
            var e = assertThrows(InputException.class, () -> read("[" + json + "]"));
            var message = String.valueOf(e.getMessage());
            assertEquals(1, message.lines().count());
            assertTrue(message.length() < 500, message);
          });
    }
  }
}
