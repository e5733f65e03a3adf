package ai.transonnx.export.internal.binding;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.transonnx.InputException;
import ai.transonnx.export.weights.Content;
import ai.transonnx.graph.Shape;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The choice between the state dicts of a checkpoint. */
class StateDictChoiceTest {
  private static final UnaryOperator<String> SAME = UnaryOperator.identity();

  private static String refusal(TestCheckpoint file) {
    return assertThrows(InputException.class, file::bind).getMessage();
  }

  private static TestCheckpoint with(List<String> keys) {
    var file = new TestCheckpoint().add("", "score", Shape.of(1));
    keys.forEach(key -> file.add(key, SAME));
    return file;
  }

  @ParameterizedTest
  @CsvSource({
    "net, net",
    "a.b.net, a.b.net",
    "ema model, model",
    "ema state_dict.model, state_dict.model",
    "run.ema run.model, run.model",
  })
  void theSetThatFitsIsFound(String keys, String expected) {
    assertEquals(expected, with(List.of(keys.split(" "))).bind().selection().key());
  }

  @Test
  void otherSetsThatFitAreNamed() {
    var file = with(List.of("ema", "model"));
    file.add("best", name -> "net." + name);
    assertEquals(
        List.of(
            "--weights-key ema --weights-prefix ''", "--weights-key best --weights-prefix net."),
        file.bind().selection().alternatives());
  }

  @ParameterizedTest
  @CsvSource({"ema best", "model state_dict", "run.ema run.best"})
  void severalSetsThatFitAreRefused(String keys) {
    var names = keys.split(" ");
    assertEquals(
        "test.pt: 2 sets of tensors fit the configuration; select one: --weights-key %s"
                .formatted(names[0])
            + " --weights-prefix '', or --weights-key %s --weights-prefix ''".formatted(names[1]),
        refusal(with(List.of(names))));
  }

  @Test
  void thePrefixThatBeginsLikeTheKeyComesFirst() {
    var file =
        new TestCheckpoint()
            .add("ema", name -> "online_model.net." + name)
            .add("ema", name -> "ema_model.net." + name);
    var selection = file.bind().selection();
    assertEquals("ema_model.net.", selection.prefix());
    assertEquals(
        List.of("--weights-key ema --weights-prefix online_model.net."), selection.alternatives());
  }

  @Test
  void aUsualKeySaysNothingAboutPrefixes() {
    var file =
        new TestCheckpoint()
            .add("model", name -> "model." + name)
            .add("model", name -> "ema_model." + name);
    assertTrue(refusal(file).startsWith("test.pt: 2 sets of tensors fit"));
  }

  @Test
  void theSameTensorsUnderTwoKeysAreOneSet() {
    var file = new TestCheckpoint();
    Content bytes = (offset, length) -> ByteBuffer.allocate(length);
    for (var parameter : TestCheckpoint.model()) {
      file.add("best", parameter.name(), parameter.shape(), bytes);
      file.add("last", "module." + parameter.name(), parameter.shape(), bytes);
    }
    var selection = file.bind().selection();
    assertEquals("best", selection.key());
    assertEquals(List.of(), selection.alternatives());
  }

  @Test
  void theNearestSetIsDescribed() {
    var file = new TestCheckpoint().add("score", "norm.weight", Shape.of(4));
    file.add("net", name -> "lm." + name.replace("norm.weight", "norm.gamma"));
    file.add("ema", name -> name.replace("fn.bias", "fn.shift"));
    assertEquals(
        "test.pt: these weights do not fit the configuration under the key 'net', also without the"
            + " prefix 'lm.' (tensors: 1 missing, 1 not used): norm.weight [4] is missing, did you"
            + " mean lm.norm.gamma, the only unused tensor of this shape?; lm.norm.gamma [4] is not"
            + " used; next nearest is --weights-key ema --weights-prefix '', with 4 of 6 tensors",
        refusal(file));
  }

  @ParameterizedTest
  @CsvSource({"model, optimizer.exp_avg", "'', ema", "run.model, run.ema", "state_dict, best"})
  void otherTensorsAreNotUsedInPlaceOfAnIncompleteModel(String model, String other) {
    var file = new TestCheckpoint();
    file.add(model, name -> name.replace("norm.weight", "norm.gamma")).add(other, SAME);
    String message = refusal(file);
    assertTrue(message.startsWith("test.pt: these weights do not fit the configuration"), message);
    assertTrue(
        message.endsWith("; these fit: --weights-key %s --weights-prefix ''".formatted(other)),
        message);
  }

  @Test
  void anIncompleteModelDoesNotMatterIfAPrefixIsSelected() {
    var file = new TestCheckpoint().add("model", name -> name.replace("norm.weight", "norm.gamma"));
    file.add("ema", SAME);
    var rules = NameRules.unused(List.of()).withPrefix(Optional.of(""));
    assertEquals("ema", file.bind(rules).selection().key());
  }

  @Test
  void manySetsAreListedInPart() {
    var file = new TestCheckpoint();
    for (int i = 0; i < 12; i++) {
      file.add("run" + i, SAME);
    }
    assertTrue(refusal(file).endsWith(", or --weights-key run9 --weights-prefix '', or 2 more"));
  }
}
