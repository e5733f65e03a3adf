package ai.transonnx.export.internal.torch;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.transonnx.export.Weights;
import ai.transonnx.export.internal.pickle.PickleBytes;
import ai.transonnx.export.internal.weights.Refusal;
import ai.transonnx.export.internal.weights.TensorBytes;
import ai.transonnx.export.weights.WeightFile;
import ai.transonnx.export.weights.WeightSet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Modules that were saved as objects, and state dicts deep within a file. */
class WholeModulesTest {
  private static final byte[] STORAGE = {0, 0, 0, 0, 0, 0, (byte) 0x80, 0x3f};

  @TempDir private Path directory = Path.of("");

  private Path write(PickleBytes pickle) throws IOException {
    var zip = TorchBytes.zip(pickle.stop(), Map.of("data/0", STORAGE));
    return Files.write(directory.resolve("w.pt"), zip);
  }

  private static List<String> keys(WeightFile file) {
    return file.sets().stream().map(WeightSet::key).toList();
  }

  private static List<String> names(WeightFile file) {
    return new ArrayList<>(file.tensors().keySet());
  }

  private static PickleBytes pickle() {
    return PickleBytes.of(2);
  }

  private static PickleBytes dictionary(PickleBytes pickle) {
    return pickle.op('}').text("w").tensor("FloatStorage", "0", 2, 0, "2;1").op('s');
  }

  @Test
  void namesOfInnerModulesPrecedeThoseOfTensors() throws IOException {
    var pickle = pickle().module("Net", 2).op('}').text("inner").module("Layer", 2).op('}');
    try (var file = Weights.open(write(pickle.endObject().op('s').endObject()))) {
      assertEquals(List.of("w", "inner.w"), names(file));
      var tensor = Objects.requireNonNull(file.tensors().get("inner.w"));
      assertEquals(List.of(0f, 1f), TensorBytes.numbers(tensor));
    }
  }

  @Test
  void aSharedModuleHasBothNames() throws IOException {
    var pickle = pickle().module("Net", 2).op('}').text("a").module("Layer", 2).op('}');
    pickle.endObject().op('q', 7, 's').text("b").op('h', 7, 's');
    try (var file = Weights.open(write(pickle.endObject()))) {
      assertEquals(List.of("w", "a.w", "b.w"), names(file));
    }
  }

  @Test
  void theLegacyFormatRefersToClassesByPersistentIds() throws IOException {
    var pickle = pickle().op('(').text("module").global("program", "Net").text("net.py");
    pickle.text("class Net: pass").op('t', 'Q', ')', 0x81, '}', '(').text("_parameters");
    dictionary(pickle).text("_modules").op('}').endObject();
    var keys = PickleBytes.of(2).op(']').text("0").op('a').stop();
    var legacy = TorchBytes.legacy(1001, pickle.stop(), keys, TorchBytes.storage(2, 0, 1));
    try (var file = Weights.open(Files.write(directory.resolve("w.pt"), legacy))) {
      assertEquals(List.of("w"), names(file));
      assertEquals("program.Net", file.others().get("class"));
    }
  }

  @Test
  void aDeepStateDictIsFoundAndReachedByItsPath() throws IOException {
    var pickle = pickle().op('}').text("a").op('}').text("b").op('}').text("model");
    var path = write(dictionary(pickle).op('s', 's', 's'));
    for (var key : List.of("a.b.model", "a.b", "a")) {
      try (var file = Weights.open(path, key)) {
        assertEquals(List.of("w"), names(file));
        assertEquals(List.of("a.b.model"), keys(file));
      }
    }
    try (var file = Weights.open(path)) {
      assertEquals(List.of("w"), names(file));
    }
  }

  @Test
  void aKeyMayHaveDotsItself() throws IOException {
    var pickle = pickle().op('}').text("v1").op('}').text("x").op('N', 's', 's').text("v1.0");
    try (var file = Weights.open(write(dictionary(pickle).op('s')), "v1.0")) {
      assertEquals(List.of("w"), names(file));
    }
  }

  @Test
  void eachKeyOfASharedDictionaryReachesIt() throws IOException {
    var pickle = dictionary(pickle().op('}').text("model")).op('q', 9, 's').text("ema");
    try (var file = Weights.open(write(pickle.op('h', 9, 's')), "ema")) {
      assertEquals(List.of("w"), names(file));
      assertEquals(List.of("ema"), keys(file));
    }
  }

  @Test
  void aSetUnderANumberComesLast() throws IOException {
    var pickle = pickle().op('}').integer(5);
    dictionary(pickle).op('s').text("model");
    try (var file = Weights.open(write(dictionary(pickle).op('s')))) {
      assertEquals(List.of("model", "5"), keys(file));
    }
  }

  @Test
  void anExtendedDictionaryIsOne() throws IOException {
    var pickle = pickle().op('}').text("model").object("program", "Options").endObject();
    pickle.text("w").tensor("FloatStorage", "0", 2, 0, "2;1").op('s', 's');
    try (var file = Weights.open(write(pickle))) {
      assertEquals(List.of("w"), names(file));
    }
  }

  @Test
  void arraysOfOtherDevicesAreTensors() throws IOException {
    var pickle =
        pickle().op('}').text("w").global("torch._utils", "_rebuild_device_tensor_from_numpy");
    pickle.op('(').array("f4", "<", STORAGE, 2).global("torch", "float32").text("xla:0").op(0x89);
    try (var file = Weights.open(write(pickle.op('t', 'R', 's')))) {
      var tensor = Objects.requireNonNull(file.tensors().get("w"));
      assertEquals(List.of(0f, 1f), TensorBytes.numbers(tensor));
    }
  }

  @Test
  void paddlesFilesMayHaveObjectsOfAnyClass() throws IOException {
    var pickle = PickleBytes.of(4).op('}').text("w").array("f4", "<", STORAGE, 2).op('s');
    pickle.text("args").object("argparse", "Namespace").text("lr").integer(1).endObject().op('s');
    try (var file = Weights.open(Files.write(directory.resolve("w.pdparams"), pickle.stop()))) {
      assertEquals(List.of("w"), names(file));
      assertEquals(Map.of("args", "argparse.Namespace: lr=1"), file.others());
    }
  }

  @Test
  void modulesThatContainEachOtherAreRefused() throws IOException {
    var pickle = pickle().module("Net", 2).op('}', 'q', 9).text("a").module("Layer", 2);
    pickle.op('h', 9).endObject().op('s').text("b").module("Layer", 2).op('h', 9);
    var path = write(pickle.endObject().op('s').endObject());
    Refusal.assertRefused(path, "its modules are nested more than 64 deep");
  }
}
