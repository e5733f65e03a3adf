package ai.transonnx.export.internal.binding;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.transonnx.InputException;
import ai.transonnx.export.internal.safetensors.SafetensorsFile;
import ai.transonnx.export.internal.weights.TestWeights;
import ai.transonnx.export.weights.WeightTensor;
import ai.transonnx.format.ElementType;
import ai.transonnx.graph.Parameter;
import ai.transonnx.graph.Shape;
import ai.transonnx.graph.Tensor;
import ai.transonnx.graph.WeightExpression;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BindingTest {
  @TempDir private Path directory = Path.of("");

  @Test
  void findsTheTensorsOfNestedExpressions() {
    var weights = new TestWeights().addCounting("q", 2, 4).addCounting("k", 3, 4);
    var stacked =
        new WeightExpression.Stacked(
            List.of(stored("q", 2, 4), new WeightExpression.Scaled(stored("k", 3, 4), 0.5)));
    var fused = new WeightExpression.Rows(new WeightExpression.Transposed(stacked), 0, 2);
    var binding = bind(weights, List.of(parameter("qk", fused)));
    assertEquals(Set.of("q", "k"), binding.tensors().keySet());
    assertThrows(
        IllegalArgumentException.class,
        () -> binding.tensor(new WeightExpression.Stored("v", Shape.of(1))));
  }

  @Test
  void hintsForMissingTensorsHaveTheirShape() {
    var weights =
        new TestWeights()
            .addCounting("net.0.to_q.weight", 8, 4)
            .addCounting("net.0.to_w.weight", 4, 4)
            .addCounting("final.gamma", 6);
    var wanted =
        List.of(
            parameter("net.0.to_v.weight", stored("net.0.to_v.weight", 4, 4)),
            parameter("norm.weight", stored("norm.weight", 6)),
            parameter("net.0.to_r.weight", stored("net.0.to_r.weight", 3)));
    var error = assertThrows(InputException.class, () -> bind(weights, wanted)).getMessage();
    assertTrue(error.contains("[4, 4] is missing, did you mean net.0.to_w.weight?"), error);
    assertTrue(
        error.contains(
            "norm.weight [6] is missing, did you mean final.gamma, the only unused tensor of this"
                + " shape?"),
        error);
    assertTrue(
        error.contains("net.0.to_r.weight [3] is missing, did you mean net.0.to_q.weight [8, 4]?"),
        error);
  }

  @Test
  void theOnlyUnusedTensorOfAShapeIsNoHintForTwoMissingOnes() {
    var weights = new TestWeights().addCounting("final.gamma", 6);
    var wanted =
        List.of(
            parameter("norm.weight", stored("norm.weight", 6)),
            parameter("bias", stored("bias", 6)));
    var error = assertThrows(InputException.class, () -> bind(weights, wanted)).getMessage();
    assertTrue(error.contains("norm.weight [6] is missing; bias [6] is missing;"), error);
  }

  @Test
  void aFileFitsIfTheModelUsesAllTensorsThatBelongToIt() {
    var wanted = List.of(parameter("a.w", stored("a.w", 2)), parameter("b.w", stored("b.w", 3)));
    assertTrue(fits(new TestWeights().addCounting("a.w", 2).addCounting("b.w", 3), wanted));
    assertFalse(fits(new TestWeights().addCounting("a.w", 2).addCounting("b.w", 4), wanted));
    assertFalse(fits(new TestWeights().addCounting("a.w", 2), wanted));
    assertFalse(
        fits(
            new TestWeights().addCounting("a.w", 2).addCounting("b.w", 3).addCounting("c.w", 1),
            wanted));
  }

  @Test
  void aModelWithoutRequiredTensorsHasNoPrefix() {
    var known = Optional.of(Tensor.of(Shape.of(1), 1f));
    var optional = new WeightExpression.Stored("inv_freq", Shape.of(1), known);
    var weights = new TestWeights().addCounting("inv_freq", 1);
    var binding = bind(weights, List.of(parameter("inv_freq", optional)));
    assertEquals("", binding.selection().prefix());
    assertTrue(binding.tensor(optional).isPresent());
  }

  @Test
  void reportsAllMismatchesAtOnce() {
    var weights =
        new TestWeights()
            .addCounting("token_emb.weight", 24, 16)
            .addCounting("net.0.norm.wieght", 16)
            .addCounting("extra", 3)
            .add("ids", ElementType.INT64, Shape.of(1), new byte[8]);
    var wanted =
        List.of(
            parameter("token_emb.weight", stored("token_emb.weight", 32, 16)),
            parameter("net.0.norm.weight", stored("net.0.norm.weight", 16)),
            parameter("to_logits.bias", stored("to_logits.bias", 24)),
            parameter("ids", stored("ids", 1)));
    var error = assertThrows(InputException.class, () -> bind(weights, wanted));
    assertEquals(
        """
        %s: these weights do not fit the configuration \
        (tensors: 2 missing, 1 with another shape, 1 with another type, 2 not used): \
        net.0.norm.weight [16] is missing, did you mean net.0.norm.wieght?; \
        to_logits.bias [24] is missing; \
        token_emb.weight has shape [24, 16], the configuration needs [32, 16]; \
        ids has type int64, which cannot be converted to ids of type float32; \
        net.0.norm.wieght [16] is not used; \
        extra [3] is not used\
        """
            .formatted(directory.resolve("w")),
        error.getMessage());
  }

  @Test
  void listsOnlyTheFirstOfMany() {
    var weights = new TestWeights();
    IntStream.range(0, 25).forEach(i -> weights.addCounting("unused" + i, 1));
    var error = assertThrows(InputException.class, () -> bind(weights, List.of()));
    var parts = String.valueOf(error.getMessage()).split("; ", -1);
    assertEquals(11, parts.length);
    assertTrue(parts[0].endsWith("(tensors: 25 not used): unused0 [1] is not used"));
    assertEquals("and 15 more not used", parts[10]);
  }

  @Test
  void ignoresTensorsThatAreKnownToBeUnused() {
    var weights = new TestWeights().addCounting("net.3.rotary.inv_freq", 1).addCounting("pos", 1);
    var file = SafetensorsFile.open(weights.write(directory.resolve("w")));
    Binding.bind(List.of(), file, NameRules.unused(List.of("net.*.inv_freq", "pos")));
    var error =
        assertThrows(
            InputException.class,
            () -> Binding.bind(List.of(), file, NameRules.unused(List.of("net.*"))));
    assertFalse(String.valueOf(error.getMessage()).contains("inv_freq"));
    assertThrows(
        InputException.class,
        () -> Binding.bind(List.of(), file, NameRules.unused(List.of("net?3*", "pos"))));
    file.close();
  }

  @Test
  void sharesATensorBetweenParameters() {
    var weights = new TestWeights().addCounting("tied", 2, 3);
    var embedding = parameter("tied", stored("tied", 2, 3));
    var logits = parameter("logits", new WeightExpression.Transposed(stored("tied", 2, 3)));
    assertEquals(Set.of("tied"), bind(weights, List.of(embedding, logits)).tensors().keySet());
  }

  @Test
  void convertsFloat16ToFloat32AndFloat64ButNotToInt64() {
    var weights = new TestWeights().add("x", ElementType.FLOAT16, Shape.of(1), new byte[2]);
    bind(weights, List.of(new Parameter("x", ElementType.FLOAT16, stored("x", 1))));
    bind(weights, List.of(parameter("x", stored("x", 1))));
    bind(weights, List.of(new Parameter("x", ElementType.FLOAT64, stored("x", 1))));
    var number = new Parameter("x", ElementType.INT64, stored("x", 1));
    assertThrows(InputException.class, () -> bind(weights, List.of(number)));
  }

  @Test
  void removesThePrefixesOfWrappers() {
    var prefixes =
        List.of("net.", "module.", "model.", "_orig_mod.", "decoder.net.", "transformer.");
    var wanted =
        List.of(parameter("net.0.w", stored("net.0.w", 2)), parameter("b", stored("b", 1)));
    for (var outer : prefixes) {
      for (var inner : prefixes) {
        for (var prefix : List.of(outer, outer + inner)) {
          var weights =
              new TestWeights().addCounting(prefix + "net.0.w", 2).addCounting(prefix + "b", 1);
          var binding = bind(weights.addCounting("head.w", 1), wanted);
          assertEquals(prefix, binding.selection().prefix());
          assertEquals(prefix + "b", Objects.requireNonNull(binding.tensors().get("b")).name());
          assertEquals(List.of("head.w"), binding.selection().skipped());
        }
      }
    }
  }

  @Test
  void matchingNamesHaveNoPrefix() {
    var weights = new TestWeights().addCounting("net.0.w", 2);
    var binding = bind(weights, List.of(parameter("net.0.w", stored("net.0.w", 2))));
    assertEquals("", binding.selection().prefix());
    assertEquals(List.of(), binding.selection().skipped());
  }

  @Test
  void optionalTensorsDoNotDetermineThePrefix() {
    var known = Optional.of(Tensor.of(Shape.of(1), 1f));
    var inverse = new WeightExpression.Stored("inv_freq", Shape.of(1), known);
    var wanted = List.of(parameter("w", stored("w", 2)), parameter("inv_freq", inverse));
    for (var prefix : List.of("", "net.", "module.net.")) {
      var weights = new TestWeights().addCounting(prefix + "w", 2);
      var lacking = bind(weights, wanted);
      assertEquals(prefix, lacking.selection().prefix());
      assertEquals(Optional.empty(), lacking.tensor(inverse));
      var complete = bind(weights.addCounting(prefix + "inv_freq", 1), wanted);
      assertEquals(prefix, complete.selection().prefix());
      assertEquals(
          Optional.of(prefix + "inv_freq"), complete.tensor(inverse).map(WeightTensor::name));
    }
    var twice = new TestWeights().addCounting("net.w", 2).addCounting("model.w", 2);
    assertThrows(InputException.class, () -> bind(twice.addCounting("net.inv_freq", 1), wanted));
  }

  @Test
  void mismatchesAreReportedWithThePrefix() {
    var weights = new TestWeights().addCounting("net.w", 3).addCounting("net.extra", 1);
    var wanted = List.of(parameter("w", stored("w", 2)));
    var error = assertThrows(InputException.class, () -> bind(weights, wanted));
    assertTrue(
        String.valueOf(error.getMessage())
            .endsWith(
                "also without the prefix 'net.' (tensors: 1 with another shape, 1 not used): net.w"
                    + " has shape [3], the configuration needs [2]; net.extra [1] is not used"),
        error.getMessage());
  }

  private Binding bind(TestWeights weights, List<Parameter> parameters) {
    try (var file = SafetensorsFile.open(weights.write(directory.resolve("w")))) {
      return Binding.bind(parameters, file, NameRules.unused(List.of()));
    }
  }

  private boolean fits(TestWeights weights, List<Parameter> parameters) {
    try (var file = SafetensorsFile.open(weights.write(directory.resolve("w")))) {
      return Binding.fits(parameters, file, NameRules.unused(List.of()));
    }
  }

  private static Parameter parameter(String name, WeightExpression source) {
    return new Parameter(name, ElementType.FLOAT32, source);
  }

  private static WeightExpression stored(String name, long... shape) {
    return new WeightExpression.Stored(name, Shape.of(shape));
  }
}
