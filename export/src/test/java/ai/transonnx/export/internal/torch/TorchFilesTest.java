package ai.transonnx.export.internal.torch;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import ai.transonnx.InputException;
import ai.transonnx.export.Weights;
import ai.transonnx.export.internal.pickle.PickleBytes;
import ai.transonnx.export.internal.weights.TensorBytes;
import ai.transonnx.export.weights.WeightFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TorchFilesTest {
  private static final byte[] STORAGE = {0, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0};

  @TempDir private Path directory = Path.of("");

  private WeightFile open(byte[] file) throws IOException {
    return Weights.open(Files.write(directory.resolve("w.bin"), file));
  }

  private static PickleBytes entry(String name) {
    return PickleBytes.of(2).op('}').text(name);
  }

  private static void check(WeightFile file, String name, String type, Number... expected) {
    var tensor = Objects.requireNonNull(file.tensors().get(name));
    assertEquals(type, tensor.type().toString());
    assertEquals(List.of(expected), TensorBytes.numbers(tensor));
  }

  @Test
  void readsViewsOfASharedStorage() throws IOException {
    var pickle = entry("all").tensor("IntStorage", "0", 4, 0, "2,2;2,1").op('s');
    pickle.text("transposed").tensor("IntStorage", "0", 4, 0, "2,2;1,2").op('s');
    pickle.text("offset").tensor("IntStorage", "0", 4, 1, "3;1").op('s');
    pickle.text("expanded").tensor("IntStorage", "0", 4, 2, "3;0").op('s');
    pickle.text("one").tensor("IntStorage", "0", 4, 3, ";").op('s');
    try (var file = open(TorchBytes.zip(pickle.stop(), Map.of("data/0", STORAGE)))) {
      check(file, "all", "int32 [2, 2]", 0, 1, 2, 3);
      check(file, "transposed", "int32 [2, 2]", 0, 2, 1, 3);
      check(file, "offset", "int32 [3]", 1, 2, 3);
      check(file, "expanded", "int32 [3]", 2, 2, 2);
      check(file, "one", "int32 []", 3);
    }
  }

  @Test
  void readsEveryStorageClass() throws IOException {
    var pickle = PickleBytes.of(4).op('}');
    var types =
        List.of(
            "Byte", "Char", "Bool", "Short", "Half", "BFloat16", "Int", "Float", "Long", "Double");
    for (var type : types) {
      int bytes =
          Map.of("Short", 2, "Half", 2, "BFloat16", 2, "Int", 4, "Float", 4, "Long", 8, "Double", 8)
              .getOrDefault(type, 1);
      int count = STORAGE.length / bytes;
      pickle.text(type).tensor(type + "Storage", type, count, 0, count + ";1").op('s');
    }
    var entries = new HashMap<String, byte[]>();
    types.forEach(type -> entries.put("data/" + type, STORAGE));
    try (var file = open(TorchBytes.zip(pickle.stop(), entries))) {
      for (var tensor : file.tensors().values()) {
        assertEquals(STORAGE.length, tensor.byteCount());
        assertArrayEquals(STORAGE, TensorBytes.of(tensor, 3));
      }
    }
  }

  @Test
  void readsTypesWithoutAStorageClass() throws IOException {
    var pickle = entry("w").global("torch._utils", "_rebuild_tensor_v3").op('(');
    pickle.storage("UntypedStorage", "0", 16, "cuda:0").integer(2).numbers(2).numbers(1);
    pickle.op(0x89, 'N').global("torch", "uint16").op('t', 'R', 's');
    try (var file = open(TorchBytes.zip(pickle.stop(), Map.of("data/0", STORAGE)))) {
      check(file, "w", "uint16 [2]", (short) 1, (short) 0);
    }
  }

  @Test
  void readsParametersAndTensorsWithAttributes() throws IOException {
    var pickle = entry("p").global("torch._utils", "_rebuild_parameter").op('(');
    pickle.tensor("IntStorage", "0", 4, 0, "2;1").op(0x88, 'N', 't', 'R', 's');
    pickle.text("t").global("torch._tensor", "_rebuild_from_type_v2").op('(');
    pickle.global("torch._utils", "_rebuild_tensor_v2").global("torch.nn.parameter", "Parameter");
    pickle.op('(').storage("IntStorage", "0", 4, "cpu").integer(2).numbers(2).numbers(1);
    pickle.op(0x88, 'N', 't', '}', 't', 'R', 's');
    try (var file = open(TorchBytes.zip(pickle.stop(), Map.of("data/0", STORAGE)))) {
      check(file, "p", "int32 [2]", 0, 1);
      check(file, "t", "int32 [2]", 2, 3);
    }
  }

  @Test
  void readsBigEndianStorages() throws IOException {
    var pickle = entry("w").tensor("ShortStorage", "0", 8, 0, "2,4;4,1").op('s').stop();
    var entries = Map.of("data/0", STORAGE, "byteorder", new byte[] {'b', 'i', 'g'});
    try (var file = open(TorchBytes.zip(pickle, entries))) {
      check(file, "w", "int16 [2, 4]", shorts(0, 0, 256, 0, 512, 0, 768, 0));
    }
  }

  private static Number[] shorts(int... values) {
    return Arrays.stream(values).mapToObj(v -> (short) v).toArray(Number[]::new);
  }

  @Test
  void readsARepackedArchive() throws IOException {
    var pickle = entry("w").tensor("IntStorage", "0", 4, 0, "2,2;1,2").op('s').stop();
    try (var file = open(TorchBytes.deflated(pickle, Map.of("data/0", STORAGE)))) {
      check(file, "w", "int32 [2, 2]", 0, 2, 1, 3);
    }
  }

  @Test
  void readsTheLegacyFormat() throws IOException {
    var checkpoint = entry("w").tensor("FloatStorage", "a", 3, 0, "3;1").op('s');
    checkpoint.text("v").tensor("FloatStorage", "b", 2, 1, "1;1").op('s');
    var keys = PickleBytes.of(2).op(']').text("b").op('a').text("a").op('a').stop();
    var storages = new ByteArrayOutputStream();
    storages.writeBytes(TorchBytes.storage(2, 8, 9));
    storages.writeBytes(TorchBytes.storage(3, 1, 2, 3));
    try (var file =
        open(TorchBytes.legacy(1001, checkpoint.stop(), keys, storages.toByteArray()))) {
      check(file, "w", "float32 [3]", 1f, 2f, 3f);
      check(file, "v", "float32 [1]", 9f);
    }
  }

  @Test
  void findsTheStateDictUnderTheUsualKeys() throws IOException {
    for (var key : List.of("model", "state_dict", "model_state_dict", "module")) {
      var pickle = entry("epoch").integer(3).op('s').text(key).op('}').text("module").op('}');
      pickle.text("w").tensor("IntStorage", "0", 4, 0, "4;1").op('s', 's', 's');
      pickle
          .text("optimizer")
          .op('}')
          .text("m")
          .tensor("IntStorage", "0", 4, 0, "4;1")
          .op('s', 's');
      try (var file = open(TorchBytes.zip(pickle.stop(), Map.of("data/0", STORAGE)))) {
        assertEquals(Set.of("w"), file.tensors().keySet());
        assertEquals(Map.of("epoch", "3"), file.metadata());
      }
    }
  }

  @Test
  void usesTheKeyThatTheUserSpecifies() throws IOException {
    var pickle = entry("ema").op('}').text("w").tensor("IntStorage", "0", 4, 0, "4;1").op('s', 's');
    var zip = TorchBytes.zip(pickle.stop(), Map.of("data/0", STORAGE));
    var path = Files.write(directory.resolve("w.bin"), zip);
    try (var file = Weights.open(path, "ema")) {
      assertEquals(Set.of("w"), file.tensors().keySet());
    }
    var error = assertThrows(InputException.class, () -> Weights.open(path, "emo"));
    assertEquals(
        path + ": archive/data.pkl: it has no state dict under the key 'emo'; its keys are 'ema'",
        error.getMessage());
  }

  @Test
  void aPrefixThatIsGivenAsAKeyIsNamedAsOne() throws IOException {
    var pickle = entry("ema.w").tensor("IntStorage", "0", 4, 0, "4;1").op('s');
    var zip = TorchBytes.zip(pickle.stop(), Map.of("data/0", STORAGE));
    var path = Files.write(directory.resolve("w.bin"), zip);
    var error = assertThrows(InputException.class, () -> Weights.open(path, "ema"));
    assertEquals(
        path
            + ": archive/data.pkl: it has no state dict under the key 'ema'; names of its tensors"
            + " start with 'ema.', so use --weights-prefix instead",
        error.getMessage());
  }

  @Test
  void aFileNameThatIsNotUtf8DoesNotMatter() throws IOException {
    var pickle = entry("path").op('X').u4(5).op('a', 0xed, 0xb3, 0xa9, 'b').op('s');
    pickle.text("model").op('}').text("w").tensor("IntStorage", "0", 4, 0, "4;1").op('s', 's');
    try (var file = open(TorchBytes.zip(pickle.stop(), Map.of("data/0", STORAGE)))) {
      assertEquals(Set.of("w"), file.tensors().keySet());
      assertEquals(Map.of("path", "a\ufffdb"), file.metadata());
    }
  }
}
