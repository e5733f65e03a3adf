package ai.transonnx.export.internal.binding;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.transonnx.InputException;
import ai.transonnx.graph.Shape;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The prefix of a checkpoint's names, and the names of wrappers within them. */
class PrefixTest {
  private static final NameRules RULES = NameRules.unused(List.of());

  private static String refusal(TestCheckpoint file, NameRules rules) {
    return assertThrows(InputException.class, () -> file.bind(rules)).getMessage();
  }

  private static NameRules prefix(String text) {
    return RULES.withPrefix(Optional.of(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "lm.",
        "decoder.",
        "generator.model.net.",
        "_orig_mod.module.",
        "layers.7.",
        "a b."
      })
  void anyPrefixIsFound(String prefix) {
    var binding = new TestCheckpoint().add("", name -> prefix + name).bind();
    assertEquals(prefix, binding.selection().prefix());
    assertEquals(Set.of(), binding.selection().wrappers());
    assertEquals(6, binding.tensors().size());
  }

  @Test
  void tensorsBesideThePrefixArePassedOver() {
    var file =
        new TestCheckpoint().add("", "head.weight", Shape.of(4)).add("", name -> "lm." + name);
    file.add("", "lmx.norm.weight", Shape.of(4)).add("", "weight", Shape.of(4));
    var selection = file.bind().selection();
    assertEquals("lm.", selection.prefix());
    assertEquals(List.of("head.weight", "lmx.norm.weight", "weight"), selection.skipped());
  }

  @Test
  void anUnknownTensorAfterThePrefixIsRefused() {
    var file = new TestCheckpoint().add("", name -> "lm." + name);
    file.add("", "lm.head.weight", Shape.of(4));
    assertEquals(
        "test.pt: these weights do not fit the configuration, also without the prefix 'lm.'"
            + " (tensors: 1 not used): lm.head.weight [4] is not used",
        refusal(file, RULES));
    file.bind(NameRules.unused(List.of("head.*")));
  }

  @Test
  void shapesDecideAsWell() {
    var file = new TestCheckpoint().add("", name -> "small." + name);
    for (var parameter : TestCheckpoint.model()) {
      file.add("", "large." + parameter.name(), Shape.of(8));
    }
    assertEquals("small.", file.bind().selection().prefix());
  }

  @Test
  void wrappersOfSubmodulesAreRemoved() {
    var file =
        new TestCheckpoint()
            .add("", name -> "net." + name.replace("layers.", "layers._orig_mod.module."));
    var selection = file.bind().selection();
    assertEquals("net.", selection.prefix());
    assertEquals(Set.of("_orig_mod", "module"), selection.wrappers());
  }

  @Test
  void someLayersMayBeWrapped() {
    var file =
        new TestCheckpoint()
            .add(
                "",
                name ->
                    name.replace("layers.1.", "layers.1._checkpoint_wrapped_module.")
                        .replace("norm.", "norm.wrapped."));
    var binding = file.bind();
    assertEquals(Set.of("_checkpoint_wrapped_module", "wrapped"), binding.selection().wrappers());
    assertEquals(
        "layers.1._checkpoint_wrapped_module.fn.bias",
        Objects.requireNonNull(binding.tensors().get("layers.1.fn.bias")).name());
  }

  @Test
  void unusedTensorsMayBeWrapped() {
    var file = new TestCheckpoint().add("", name -> name.replace("fn.", "_orig_mod.fn."));
    file.add("", "layers.0._orig_mod.fn.scale", Shape.of(1));
    file.bind(NameRules.unused(List.of("layers.*.fn.scale")));
    assertTrue(refusal(file, RULES).contains("layers.0._orig_mod.fn.scale [1] is not used"));
  }

  @Test
  void theNameOfAParameterIsNoWrapper() {
    var file =
        new TestCheckpoint()
            .add("", name -> name.replace("fn.weight", "fn.parametrizations.weight.original0"));
    assertTrue(refusal(file, RULES).contains("2 missing"), refusal(file, RULES));
  }

  @Test
  void adaptersAreNotPassedOver() {
    var file =
        new TestCheckpoint().add("", name -> name.replace("fn.weight", "fn.base_layer.weight"));
    file.add("", "layers.0.fn.lora_A.default.weight", Shape.of(2, 4));
    assertTrue(
        refusal(file, RULES)
            .endsWith(
                "(tensors: 1 not used): layers.0.fn.lora_A.default.weight [2, 4] is not used"));
    file.add("", "layers.0.fn.lora_A.default.weight", Shape.of(4, 4));
    assertTrue(refusal(file, RULES).endsWith("lora_A.default.weight [4, 4] is not used"));
  }

  @Test
  void twoPrefixesThatFitAreRefused() {
    var file =
        new TestCheckpoint()
            .add("", name -> "ema_model." + name)
            .add("", name -> "online_model.net." + name.replace("fn.", "_orig_mod.fn."));
    assertEquals(
        "test.pt: 2 sets of tensors fit the configuration; select one: --weights-prefix ema_model.,"
            + " or --weights-prefix online_model.net.",
        refusal(file, RULES));
    for (var prefix : List.of("online_model", "online_model.", "online_model.net.")) {
      assertEquals("online_model.net.", file.bind(prefix(prefix)).selection().prefix());
    }
    assertEquals("ema_model.", file.bind(prefix("ema_model.")).selection().prefix());
    assertEquals(
        "test.pt: no tensor of the model has the prefix 'ema_mode.'; these fit: --weights-prefix"
            + " ema_model., or --weights-prefix online_model.net.",
        refusal(file, prefix("ema_mode")));
  }

  @Test
  void aCopyWithinTheModelIsRefusedUnlessOneIsSelected() {
    var file = new TestCheckpoint().add("", name -> name).add("", name -> "ema." + name);
    assertTrue(
        refusal(file, RULES).endsWith("select one: --weights-prefix '', or --weights-prefix ema."));
    var selection = file.bind(prefix("")).selection();
    assertEquals("", selection.prefix());
    assertEquals(6, selection.skipped().size());
    assertEquals("ema.", file.bind(prefix("ema")).selection().prefix());
  }

  /** A deeper model has all tensors of a shallower one. */
  @Test
  void tensorsThatTheModelLacksDecideBetweenPrefixes() {
    var file = new TestCheckpoint().add("", name -> "deep." + name).add("", name -> "flat." + name);
    file.add("", "deep.layers.2.fn.bias", Shape.of(4));
    assertEquals("flat.", file.bind().selection().prefix());
  }

  @Test
  void aSharedTensorMayHaveAnyOfItsNames() {
    var shared = Map.of("layers.0.fn.bias", List.of("layers.1.fn.bias", "layers.2.fn.bias"));
    var parameters = List.of(TestCheckpoint.parameter("layers.0.fn.bias", 4));
    for (var names : List.of(List.of(0), List.of(1), List.of(2), List.of(0, 1, 2))) {
      var file = new TestCheckpoint();
      names.forEach(i -> file.add("", "net.layers.%s.fn.bias".formatted(i), Shape.of(4)));
      var binding = Binding.bind(parameters, file, RULES.withShared(shared));
      assertEquals(
          "net.layers.%s.fn.bias".formatted(names.get(0)),
          Objects.requireNonNull(binding.tensors().get("layers.0.fn.bias")).name());
    }
  }

  @Test
  void anUnusableTensorIsNamedWithItsReason() {
    var file = new TestCheckpoint().add("", "lm.emb.weight", Shape.of(9, 4));
    TestCheckpoint.model().stream()
        .skip(1)
        .forEach(parameter -> file.addUnusable("lm." + parameter.name(), "it is sparse"));
    assertTrue(
        refusal(file, RULES)
            .contains(
                "prefix 'lm.' (tensors: 5 missing): layers.0.fn.weight [4, 4] cannot be used: it is"
                    + " sparse"),
        refusal(file, RULES));
  }

  @Test
  void theNearestTensorsAreListed() {
    var file = new TestCheckpoint().add("", name -> "a." + name.replace("norm.", "final."));
    file.add("", name -> "b." + name.replace("fn.bias", "fn.shift"));
    var message = refusal(file, RULES);
    assertTrue(
        message.startsWith(
            "test.pt: these weights do not fit the configuration, also without the prefix 'a.'"
                + " (tensors: 1 missing, 1 not used): norm.weight [4] is missing"),
        message);
  }
}
