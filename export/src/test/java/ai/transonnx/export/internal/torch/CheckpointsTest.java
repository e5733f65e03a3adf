package ai.transonnx.export.internal.torch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import ai.transonnx.export.Weights;
import ai.transonnx.export.internal.weights.TensorBytes;
import ai.transonnx.export.weights.WeightFile;
import ai.transonnx.export.weights.WeightSet;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that Python wrote with {@code checkpoints.py}, which is beside them. */
class CheckpointsTest {
  private static final List<String> NET =
      List.of(
          "scale",
          "emb.weight",
          "norm.weight",
          "norm.bias",
          "norm.running_mean",
          "norm.running_var",
          "norm.num_batches_tracked",
          "out.weight",
          "blocks.0.weight",
          "blocks.0.bias");

  private static Path path(String name) {
    var resource = Objects.requireNonNull(CheckpointsTest.class.getResource(name), name);
    try {
      return Path.of(resource.toURI());
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException(name, e);
    }
  }

  private static List<String> names(WeightSet set) {
    return new ArrayList<>(set.tensors().keySet());
  }

  private static List<String> keys(WeightFile file) {
    return file.sets().stream().map(WeightSet::key).toList();
  }

  private static List<Number> numbers(WeightFile file, String name) {
    return TensorBytes.numbers(Objects.requireNonNull(file.tensors().get(name), name));
  }

  @Test
  void aModuleIsReadAsItsStateDict() {
    try (var file = Weights.open(path("module.pt"))) {
      assertEquals(List.of("", "extra.2"), keys(file));
      assertEquals(NET, new ArrayList<>(file.tensors().keySet()));
      assertEquals(List.of(0f, 1f, 2f, 3f, 4f, 5f), numbers(file, "emb.weight"));
      assertEquals(List.of(0f, 1f), numbers(file, "norm.running_var"));
      assertEquals("program.Net", file.others().get("class"));
    }
  }

  @Test
  void tiedParametersHaveOneContent() {
    try (var file = Weights.open(path("module.pt"))) {
      var tensors = file.tensors();
      assertSame(
          Objects.requireNonNull(tensors.get("emb.weight")).content(),
          Objects.requireNonNull(tensors.get("out.weight")).content());
    }
  }

  @Test
  void modulesAndDictionariesAreFoundUnderTheAttributesOfObjects() {
    try (var file = Weights.open(path("trainer.pt"))) {
      assertEquals(List.of("model", "ema", "model.extra.2", "ema.averages.shadow"), keys(file));
      assertEquals(NET, new ArrayList<>(file.tensors().keySet()));
      assertEquals(NET.stream().map(name -> "net." + name).toList(), names(file.sets().get(1)));
      assertEquals(List.of("w", "b"), names(file.sets().get(3)));
      assertEquals(
          "argparse.Namespace: lr=0.1, out=pathlib.PurePosixPath", file.others().get("args"));
    }
    try (var file = Weights.open(path("trainer.pt"), "ema.averages.shadow")) {
      assertEquals(List.of(0f, 1f, 2f, 3f), numbers(file, "w"));
    }
    try (var file = Weights.open(path("trainer.pt"), "ema.original.0")) {
      assertEquals(NET, new ArrayList<>(file.tensors().keySet()));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"lightning.ckpt", "protocol-5.ckpt"})
  void whatIsNoTensorDoesNotMatter(String name) {
    try (var file = Weights.open(path(name))) {
      assertEquals(List.of("net.weight", "net.bias"), new ArrayList<>(file.tensors().keySet()));
      assertEquals(List.of(0f, 1f, 2f, 3f), numbers(file, "net.weight"));
      assertEquals(
          Map.of(
              "epoch", "3",
              "global_step", "10",
              "pytorch-lightning_version", "2.5.0",
              "hparams_name", "kwargs"),
          file.metadata());
    }
    try (var file = Weights.open(path(name), "callbacks.EMA{'decay': 0.99}.averages")) {
      assertEquals(List.of(0f, 1f, 2f, 3f, 4f, 5f), numbers(file, "w"));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"lightning.ckpt", "protocol-5.ckpt"})
  void otherValuesAreDescribed(String name) {
    try (var file = Weights.open(path(name))) {
      var others = file.others();
      assertEquals("a list of 1: a dictionary", others.get("optimizer_states"));
      assertEquals("a dictionary of 1: fit_loop=a dictionary", others.get("loops"));
      assertEquals(
          "a dictionary of 28: optimizer=functools.partial, args=argparse.Namespace,"
              + " path=pathlib.PurePosixPath, date=datetime.datetime, stage=program.Stage,"
              + " queue=collections.deque, default=a dictionary, counts=a dictionary,"
              + " slice=__builtin__.slice, range=__builtin__.xrange, sets=a tuple, huge=a number of"
              + " 91 bits, ...",
          String.valueOf(others.get("hyper_parameters"))
              .replace("builtins.slice", "__builtin__.slice")
              .replace("builtins.range", "__builtin__.xrange"));
    }
  }

  @Test
  void tensorsOfOtherKindsHaveAReason() {
    try (var file = Weights.open(path("kinds.pt"))) {
      assertEquals(List.of("plain", "parameter", "buffer"), names(file.sets().get(0)));
      assertEquals(List.of(1f, 2f, 3f, 4f), numbers(file, "parameter"));
      assertEquals(List.of(2f, 3f, 4f, 5f), numbers(file, "buffer"));
      assertEquals(
          Map.of(
              "float8", "it is a tensor of type float8_e4m3fn, which is not supported",
              "complex", "it is a tensor of type complex64, which is not supported",
              "conjugate", "it is a conjugated or negated view of a tensor, which is not supported",
              "sparse", "it is a sparse tensor, which is not supported",
              "rows", "it is a sparse tensor, which is not supported",
              "quantized", "it is a quantized tensor, which is not supported",
              "meta", "it is a tensor on the device 'meta', without data, which is not supported",
              "nested", "it is a nested tensor, which is not supported"),
          file.unusable());
    }
  }
}
