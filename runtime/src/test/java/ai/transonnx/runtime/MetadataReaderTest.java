package ai.transonnx.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.transonnx.format.Dim;
import ai.transonnx.format.ElementType;
import ai.transonnx.format.MetadataKey;
import ai.transonnx.format.StateRole;
import ai.transonnx.format.StateTensor;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

final class MetadataReaderTest {
  private static final Path FILE = Path.of("tiny.onnx");
  private static final Dim BATCH = Dim.of("batch");
  private static final Signature SIGNATURE =
      new Signature(
          Map.of(
              "past", new TensorSpec("past", ElementType.FLOAT32, List.of(BATCH, Dim.of(4))),
              "tokens", new TensorSpec("tokens", ElementType.INT64, List.of(BATCH, BATCH))),
          Map.of(
              "present",
              new TensorSpec("present", ElementType.FLOAT32, List.of(BATCH, Dim.of(4)))));
  private static final String GOOD =
      "{'input':'past','output':'present','type':'float32','shape':['batch',4],'first':['batch',4]}";

  @Test
  void aValidPairIsRead() {
    var state = read(MetadataKey.STATE.key(), json("[" + GOOD + "]")).state();
    var dims = List.of(BATCH, Dim.of(4));
    assertEquals(
        List.of(
            new StateTensor(
                "past", "present", ElementType.FLOAT32, dims, dims, StateRole.RECURRENT)),
        state);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "0", "-1", "many", "2147483648", "1.5"})
  void anInvalidMaximumLengthIsRejected(String value) {
    assertRejected(
        MetadataKey.MAX_LENGTH.key(), value, "is '" + value + "', not a positive number");
  }

  @Test
  void anInvalidLengthOfTheSourceIsRejected() {
    assertEquals(
        OptionalInt.of(16), read(MetadataKey.MAX_SOURCE_LENGTH.key(), "16").maxSourceLength());
    assertRejected(MetadataKey.MAX_SOURCE_LENGTH.key(), "0", "is '0', not a positive number");
  }

  @Test
  void anInvalidNumberTokenIsRejected() {
    assertEquals(OptionalInt.of(0), read(MetadataKey.NUMBER_TOKEN.key(), "0").numberToken());
    assertRejected(MetadataKey.NUMBER_TOKEN.key(), "-1", "is '-1', not 0 or a positive number");
  }

  @Test
  void anUnknownRoundingIsRejected() {
    assertRejected(MetadataKey.TOP_K.key(), "round", "is 'round', not 'floor' or 'ceil'");
  }

  @ParameterizedTest
  @EnumSource(names = {"RAGGED", "INCREMENTAL"})
  void aFlagMustBeTrueOrFalse(MetadataKey key) {
    assertRejected(key.key(), "yes", "is 'yes', not 'true' or 'false'");
  }

  @Test
  void theVocabularyOfAnInputIsRead() {
    var metadata = read(MetadataKey.NUM_TOKENS.key("src"), "24");
    assertEquals(new TokenVocabulary(OptionalInt.of(24)), metadata.vocabulary("src"));
    assertEquals(new TokenVocabulary(OptionalInt.empty()), metadata.vocabulary("tgt"));
    assertRejected(MetadataKey.NUM_TOKENS.key("src"), "0", "is '0', not a positive number");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          ring_window    | 5 | -  | ring_slots | must be set with 'transonnx.ring_window'
          ring_slots     | 5 | -  | ring_slots | must be set with
          ring_window    | 5 | 4  | ring_slots | must be set with
          ring_window    | 0 | 4  | ring_window | is '0', not a positive number
          kept_window    | 5 | 9  | kept_window | is set, but no state has the role 'window'
          segment_length | 0 | -  | segment_length | is '0', not a positive number
          """)
  void inconsistentSlotsAreRejected(
      String entry, String value, String slots, String named, String why) {
    var entries = new HashMap<>(Map.of("transonnx." + entry, value));
    if (!slots.equals("-")) {
      entries.put("transonnx." + entry.replace("window", "slots"), slots);
    }
    var e = assertThrows(ModelException.class, () -> MetadataReader.read(FILE, entries, SIGNATURE));
    assertTrue(e.getMessage().contains("metadata 'transonnx." + named), e.getMessage());
    assertTrue(e.getMessage().contains(why), e.getMessage());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "[", "[{]", "[] []", "[{'input':1,'input':2}]"})
  void invalidJsonIsRejected(String value) {
    assertRejected(MetadataKey.STATE.key(), json(value), "is not");
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", "1", "null"})
  void stateThatIsNotAListIsRejected(String value) {
    assertRejected(MetadataKey.STATE.key(), value, "is not a JSON list");
  }

  @Test
  void deepNestingIsRejected() {
    assertRejected(MetadataKey.STATE.key(), "[".repeat(100_000), "is not JSON");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          'input':'past'    | 'input':'gone'     | [0].input: the graph has no input 'gone'
          'input':'past'    | 'in':'past'        | [0].input is missing
          'input':'past'    | 'input':7          | [0].input is '7', not a name
          'input':'past'    | 'input':'tokens'   | [0].type is float32, but the graph has tokens
          'output':'present'| 'output':'gone'    | [0].output: the graph has no output 'gone'
          'type':'float32'  | 'type':'float64'   | [0].type is float64, but the graph has past
          'type':'float32'  | 'type':'float128'  | [0].type: 'float128' is no type
          'shape':['batch',4] | 'shape':4        | [0].shape is not a list
          'shape':['batch',4] | 'shape':[4]      | [0].first is [batch, 4], but shape is [4]
          'shape':['batch',4] | 'shape':['b',5]  | [0].shape is [b, 5], but the graph has past
          'first':['batch',4] | 'first':[4]      | [0].first is [4], but shape is [batch, 4]
          'first':['batch',4] | 'first':['batch',5] | [0].first is [batch, 5], but the graph has past
          'first':['batch',4] | 'first':['b',4]  | [0].first: 'b' is neither a number nor 'batch'
          'first':['batch',4] | 'first':[-1,4]   | [0].first[0] is '-1', not a size
          'first':['batch',4] | 'first':[1.5,4]  | [0].first[0] is '1.5', not a size
          'first':['batch',4] | 'first':[1e99,4] | [0].first[0] is
          'first':['batch',4] | 'first':[99999999999999999999,4] | [0].first[0] is
          'first':['batch',4] | 'first':[2147483647,4] | [0].first is [2147483647, 4]: larger than 2
          'first':['batch',4] | 'first':[null,4] | [0].first[0] is 'null', not a name
          """)
  void anInvalidFieldIsNamed(String good, String bad, String why) {
    assertRejected(MetadataKey.STATE.key(), json("[" + GOOD.replace(good, bad) + "]"), why);
  }

  @Test
  void aTensorInTwoPairsIsRejected() {
    assertRejected(
        MetadataKey.STATE.key(),
        json("[" + GOOD + "," + GOOD + "]"),
        "[1].input: 'past' is in two pairs");
  }

  @Test
  void longValuesAreShortenedToOneLine() {
    var name = "a\n\u001b[2J".repeat(1000);
    var e = assertThrows(ModelException.class, () -> read(MetadataKey.TOP_K.key(), name));
    assertEquals(1, e.getMessage().lines().count());
    assertTrue(e.getMessage().length() < 250, e.getMessage());
  }

  private static void assertRejected(String entry, String value, String why) {
    var e = assertThrows(ModelException.class, () -> read(entry, value));
    assertTrue(e.getMessage().startsWith("tiny.onnx: metadata '" + entry + "' "), e.getMessage());
    assertTrue(e.getMessage().contains(why), e.getMessage());
  }

  private static ModelMetadata read(String entry, String value) {
    return MetadataReader.read(FILE, Map.of(entry, value), SIGNATURE);
  }

  private static String json(String text) {
    return text.replace('\'', '"');
  }
}
