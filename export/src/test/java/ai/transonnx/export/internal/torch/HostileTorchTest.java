package ai.transonnx.export.internal.torch;

import ai.transonnx.export.internal.pickle.PickleBytes;
import ai.transonnx.export.internal.weights.Refusal;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Damaged and hostile PyTorch files. */
class HostileTorchTest {
  private static final byte[] STORAGE = new byte[16];

  private static PickleBytes entry() {
    return PickleBytes.of(2).op('}').text("w");
  }

  private static byte[] tensor(String storage, long count, long offset, String views) {
    return entry().tensor(storage, "0", count, offset, views).op('s').stop();
  }

  @TestFactory
  Stream<DynamicTest> views() {
    return Stream.of(
        refused(tensor("FloatStorage", 4, 0, "5;1"), "exceeds the 4 elements of its storage"),
        refused(tensor("FloatStorage", 4, 1, "4;1"), "from element 1 on with strides [1], exceeds"),
        refused(tensor("FloatStorage", 4, 0, "2,2;3,1"), "with strides [3, 1], exceeds"),
        refused(
            tensor("FloatStorage", 4, -1, "1;1"),
            "its offset: expected a non-negative integer, got the number -1"),
        refused(
            tensor("FloatStorage", 4, 0, "2;-1"), "its stride: expected a non-negative integer"),
        refused(tensor("FloatStorage", 4, 0, "2,2;1"), "it has 2 sizes and 1 strides"),
        refused(tensor("FloatStorage", 4, 0, "3;9223372036854775807"), "is too large for any file"),
        refused(tensor("FloatStorage", 4, 0, "9223372036854775807,3;0,0"), "is too large for any"),
        refused(
            tensor("FloatStorage", 1L << 62, 0, "1;1"),
            "storage '0' has 4611686018427387904 elements"),
        refused(
            tensor("ComplexFloatStorage", 4, 0, "1;1"),
            "tensor 'w': it is a tensor of type complex64, which is not supported"));
  }

  /** Tensors may share their metadata, so that its size is multiplied by their number. */
  @TestFactory
  Stream<DynamicTest> metadata() {
    var pickle = entry().global("torch._utils", "_rebuild_tensor_v2").op('(');
    pickle.storage("FloatStorage", "0", 4, "cpu").integer(0).numbers(4).numbers(1);
    pickle.op(0x89, 'N', '}', '(');
    for (int i = 0; i < 65; i++) {
      pickle.text("k" + i).op(0x89);
    }
    return Stream.of(
        refused(
            pickle.op('u', 't', 'R', 's').stop(),
            "its metadata has 65 entries; at most 64 are allowed"));
  }

  @TestFactory
  Stream<DynamicTest> storages() {
    var good = tensor("FloatStorage", 4, 0, "4;1");
    var twoTypes = PickleBytes.of(2).storage("FloatStorage", "0", 4, "cpu").op('0', '}').text("w");
    twoTypes.tensor("IntStorage", "0", 4, 0, "4;1").op('s');
    var meta = entry().storage("FloatStorage", "0", 4, "meta").op('s').stop();
    var kind = entry().op('(').text("part").op('t', 'Q', 's').stop();
    var view = entry().op('(').text("storage").global("torch", "FloatStorage").text("0");
    view.text("cpu").integer(4).op('(').text("1").integer(0).integer(4).op('t', 't', 'Q', 's');
    return Stream.of(
        refused(good, Map.of(), "its storage 'archive/data/0' is not in the archive"),
        refused(
            good,
            Map.of("data/0", new byte[15]),
            "takes 16 bytes, but its entry 'archive/data/0' has 15"),
        refused(twoTypes.stop(), "storage '0' occurs with different types or sizes"),
        refused(meta, "storage '0' is on the device 'meta', which has no data"),
        refused(kind, "its kind cannot be the string 'part'"),
        refused(view.stop(), "storage '0' is a view, as written by PyTorch before 0.4"),
        refused(entry().integer(1).op('Q', 's').stop(), "its kind cannot be the number 1"),
        refused(
            good,
            Map.of("data/0", STORAGE, "byteorder", new byte[] {'x'}),
            "the byte order must be 'little' or 'big', got 'x'"),
        refused(
            good,
            Map.of("data/0", STORAGE, "constants.pkl", new byte[0]),
            "a TorchScript program; save the model's state dict instead"));
  }

  @TestFactory
  Stream<DynamicTest> names() {
    var module = PickleBytes.of(2).global("x_transformers.x_transformers", "TransformerWrapper");
    var sparse = entry().global("torch._utils", "_rebuild_sparse_tensor").op(')', 'R', 's');
    var indirect = entry().global("torch._tensor", "_rebuild_from_type_v2").op('(');
    indirect.global("collections", "OrderedDict").op('N', ')', 'N', 't', 'R', 's');
    var negated = entry().global("torch._utils", "_rebuild_tensor_v2").op('(');
    negated.storage("FloatStorage", "0", 4, "cpu").integer(0).numbers(4).numbers(1);
    negated.op(0x89, 'N', '}').text("neg").op(0x88, 's', 't', 'R', 's');
    var untyped = entry().global("torch._utils", "_rebuild_tensor_v3").op('(');
    untyped.storage("UntypedStorage", "0", 16, "cpu").integer(0).numbers(4).numbers(1);
    untyped.op(0x89, 'N').global("torch", "FloatStorage").op('t', 'R', 's');
    return Stream.of(
        refused(
            module.op(')', 0x81).stop(),
            "it holds an object of x_transformers.x_transformers.TransformerWrapper; save"),
        refused(sparse.stop(), "tensor 'w': it is a sparse tensor, which is not supported"),
        refused(indirect.stop(), "tensor 'w': it is a tensor that collections.OrderedDict makes"),
        refused(
            negated.stop(),
            "tensor 'w': it is a conjugated or negated view of a tensor, which is not"),
        refused(untyped.stop(), "its type cannot be the global torch.FloatStorage"),
        refused(
            entry().global("torch._utils", "_rebuild_parameter").op('N', 0x85, 'R', 's').stop(),
            "its data cannot be None"),
        refused(
            PickleBytes.of(2).global("argparse", "Namespace").stop(),
            "it holds the global argparse.Namespace"));
  }

  @TestFactory
  Stream<DynamicTest> legacyFormat() {
    var good = tensor("FloatStorage", 4, 0, "4;1");
    var keys = PickleBytes.of(2).op(']').text("0").op('a').stop();
    var storage = TorchBytes.storage(4, 1, 2, 3, 4);
    var none = PickleBytes.of(2).op(']').stop();
    var other = PickleBytes.of(2).op(']').text("7").op('a').stop();
    return Stream.of(
        legacy(1000, good, keys, storage, "its version of PyTorch's legacy format is not 1001"),
        legacy(1001, good, none, new byte[0], "tensor 'w': its storage '0' is not in the file"),
        legacy(1001, good, other, storage, "it has a storage '7' that no tensor uses"),
        legacy(
            1001,
            good,
            PickleBytes.of(2).op('N').stop(),
            storage,
            "the keys of its storages are None"),
        legacy(
            1001,
            good,
            keys,
            TorchBytes.storage(5, 1, 2, 3, 4),
            "has the element count 5 in the file"),
        legacy(1001, good, keys, TorchBytes.storage(4, 1, 2, 3), "needs 16 bytes, 12 are left"),
        legacy(1001, good, keys, new byte[0], "needs 16 bytes, 0 are left; the file is truncated"),
        legacy(1001, good, keys, TorchBytes.storage(4, 1, 2, 3, 4, 5), "4 bytes follow its last"),
        legacy(
            1001, new byte[0], new byte[0], new byte[0], "the protocol takes 1 bytes, 0 are left"));
  }

  private static DynamicTest legacy(
      int version, byte[] checkpoint, byte[] keys, byte[] storages, String message) {
    return Refusal.of("legacy", TorchBytes.legacy(version, checkpoint, keys, storages), message);
  }

  private static DynamicTest refused(byte[] pickle, String message) {
    return refused(pickle, Map.of("data/0", STORAGE), message);
  }

  private static DynamicTest refused(byte[] pickle, Map<String, byte[]> entries, String message) {
    return Refusal.of("zip", TorchBytes.zip(pickle, entries), message);
  }
}
