package ai.transonnx.export.internal.pickle;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import ai.transonnx.export.internal.weights.Refusal;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Damaged and hostile pickles. */
class HostilePicklesTest {
  private static final byte[] FOUR = new byte[4];

  private static PickleBytes pickle() {
    return PickleBytes.of(4);
  }

  private static PickleBytes entry(String name) {
    return pickle().op('}').text(name);
  }

  @TestFactory
  Stream<DynamicTest> instructions() {
    return Stream.of(
        refused(new byte[] {(byte) 0x80}, "the protocol takes 1 bytes, 0 are left"),
        refused(PickleBytes.of(1).stop(), "its protocol is 1; protocols 2 to 5 are supported"),
        refused(PickleBytes.of(6).stop(), "its protocol is 6"),
        refused(
            pickle().toByteArray(), "an instruction takes 1 bytes, 0 are left; the file is trunc"),
        refused(pickle().op(0xff).stop(), "0xff is not an instruction of pickle protocols 2 to 5"),
        refused(pickle().op(0x80, 4).stop(), "it has a second protocol version"),
        refused(pickle().op(0x95).u8(1000).stop(), "a frame takes 1000 bytes, 1 are left"),
        refused(pickle().op(0x95).u8(-1).stop(), "a frame takes 18446744073709551615 bytes"),
        refused(pickle().op('B').u4(0xffffffffL).stop(), "bytes takes 4294967295 bytes"),
        refused(pickle().op(0x8e).u8(Long.MIN_VALUE).stop(), "bytes takes 9223372036854775808"),
        refused(pickle().op(0x96).u8(1L << 40).stop(), "bytes takes 1099511627776 bytes"),
        refused(pickle().op('C', 9).stop(), "bytes takes 9 bytes, 1 are left"),
        refused(pickle().op('X').u4(1 << 30).stop(), "a string takes 1073741824 bytes"),
        refused(pickle().op(0x8d).u8(-1).stop(), "a string takes 18446744073709551615 bytes"),
        refused(pickle().op(0x8c, 2, 0xff, 0xff).stop(), "a string is not UTF-8"),
        refused(pickle().op('J', 1, 2).toByteArray(), "a number takes 4 bytes, 2 are left"),
        refused(pickle().op(0x8b).u4(1 << 30).stop(), "a number has 1073741824 bytes"),
        refused(pickle().op(0x8a, 200).stop(), "a number takes 200 bytes"),
        refused(pickle().op('K', 1, 0x86).stop(), "it removes more values from its stack"),
        refused(pickle().op('K', 1, '(', 0x85).stop(), "it removes more values from its stack"),
        refused(pickle().op('t').stop(), "it removes values up to a mark, but has set no mark"),
        refused(pickle().op('h', 3).stop(), "it refers to memo entry 3, which does not exist"),
        refused(pickle().op('j').u4(-1).stop(), "it refers to memo entry 4294967295"),
        refused(pickle().text("f").op(')', 'R').stop(), "its function cannot be the string 'f'"),
        refused(pickle().op('K', 1, 'N', 'b').stop(), "the number 1 cannot have a state"),
        refused(pickle().op('}', 'N', 'a').stop(), "its list cannot be a dictionary"),
        refused(pickle().op(']', 'N', 'N', 's').stop(), "its dictionary cannot be a list"),
        refused(pickle().op('}', '(', 'N', 'u').stop(), "it sets a key without a value"),
        refused(
            pickle().op('N', 'N').stop(),
            "it ends with 1 more values on its stack than its result"),
        refused(pickle().op('}').op('.').stop(), "1 bytes follow the end of the pickle"),
        refused(pickle().op(0x82, 1).stop(), "it holds the global copyreg.1"),
        refused(pickle().op('i').stop(), "a module takes 1 bytes, 0 are left"),
        refused(pickle().op('(', 'o').stop(), "a call has 0 arguments; its function is missing"),
        refused(pickle().op('P').stop(), "a persistent ID takes 1 bytes, 0 are left"),
        refused(pickle().op(0x97).stop(), "it uses the instruction NEXT_BUFFER"),
        refused(pickle().op('N', 'Q').stop(), "it holds an object of pickle.persistent_load"),
        refused(pickle().op('c').times(2000, 'a').stop(), "a module is longer than 1024 bytes"));
  }

  @TestFactory
  Stream<DynamicTest> names() {
    var call = pickle().global("os", "system").text("true").op(0x85, 'R').stop();
    var stack = pickle().text("posix").text("system").op(0x93).text("true").op(0x85, 'R').stop();
    return Stream.of(
        refused(call, "it holds an object of os.system; save a state dict"),
        refused(stack, "it holds an object of posix.system"),
        refused(pickle().global("builtins", "eval").stop(), "it holds the global builtins.eval"),
        refused(
            pickle().global("builtins", "getattr").stop(), "it holds the global builtins.getattr"),
        refused(pickle().global("numpy", "load").stop(), "it holds the global numpy.load"),
        refused(
            pickle().global("torch._utils", "_rebuild_tensor_v2").stop(),
            "it holds the global torch._utils._rebuild_tensor_v2"),
        refused(
            entry("a").global("torch._utils", "_rebuild_tensor_v2").op(')', 'R', 's').stop(),
            "tensor 'a': it is a PyTorch tensor saved with pickle instead of torch.save, which is"),
        refused(pickle().text("a").op('N', 0x93).stop(), "its name cannot be None"),
        refused(pickle().global("a\u0007\u2028b", "c").stop(), "it holds the global a??b.c"),
        refused(encoded("\u0100", "latin1"), "a character outside Latin-1"),
        refused(encoded("a", "rot13"), "the encoding cannot be the string 'rot13'"),
        refused(
            pickle().global("_codecs", "encode").op(')', 'R').stop(),
            "_codecs.encode has 0 arguments; the encoding is missing"),
        refused(
            pickle().global("collections", "OrderedDict").op(']', 'N', 'a', 0x85, 'R').stop(),
            "collections.OrderedDict: None is not a pair"));
  }

  private static byte[] encoded(String text, String encoding) {
    return pickle().global("_codecs", "encode").text(text).text(encoding).op(0x86, 'R').stop();
  }

  /** Pickles that would need too much memory without declaring a length. */
  @TestFactory
  Stream<DynamicTest> sizes() {
    return Stream.of(
        refused(pickle().times(500_001, 'N').stop(), "its stack is deeper than 500000"),
        refused(pickle().times(500_001, '(').stop(), "it sets more than 500000 marks"),
        refused(pickle().times(1_500_001, 'N', '0').stop(), "more than 3000000 instructions"),
        refused(pickle().op('N').times(500_001, 0x94).stop(), "its memo has more than 500000"));
  }

  @TestFactory
  Stream<DynamicTest> stateDicts() {
    var twice = entry("a").array("f4", "<", FOUR, 1).op('s').text("a").array("f4", "<", FOUR, 1);
    var milestones = entry("milestones").global("collections", "Counter").op('}', 0x85, 'R', 's');
    var circle = pickle().op('}', 0x94).text("model").op('h', 0, 's');
    return Stream.of(
        refused(pickle().op(']').stop(), "it holds a list; save a state dict"),
        refused(pickle().array("f4", "<", FOUR, 1).stop(), "it holds an array float32 [1]"),
        refused(pickle().op('}').stop(), "it has no tensors"),
        refused(circle.stop(), "it has no tensors"),
        refused(milestones.stop(), "it has no tensors"),
        refused(oneUnderManyKeys(20_000), "it has no tensors"),
        refused(twice.op('s').stop(), "tensor 'a': it occurs twice"),
        refused(
            pickle().op('}').integer(7).array("f4", "<", FOUR, 1).op('s').stop(),
            "a tensor's name must be a string of at most 1024 bytes, got the number 7"),
        refused(
            entry("a".repeat(1025)).array("f4", "<", FOUR, 1).op('s').stop(),
            "got a string of 1025 bytes"),
        refused(
            entry("a\nb").array("f4", "<", FOUR, 1).op('s').stop(),
            "tensor 'a?b': a name cannot be empty or have control characters"),
        refused(entry("").array("f4", "<", FOUR, 1).op('s').stop(), "a name cannot be empty"));
  }

  /** Objects that are far more than the file if each is read with all that it shares. */
  @TestFactory
  Stream<DynamicTest> sharedParts() {
    var states = entry("a").global("program", "Thing").op(')', 0x81).times(9, 'N', 'b');
    return Stream.of(
        refused(objectsWithOneDictionary(3000), "its objects share their parts so often that"),
        refused(modulesInTwoPlaces(40), "the names of their tensors take more than"),
        refused(states.op('s').stop(), "is given more than 8 states"));
  }

  private static byte[] objectsWithOneDictionary(int count) {
    var pickle = pickle().op('}', 'q', 0, '(').times(count, 'N', 'N').op('u', '0').op(']', '(');
    pickle.global("program", "Thing").op('q', 1, '0');
    return pickle.times(count, 'h', 1, ')', 0x81, 'h', 0, 'b').op('e').stop();
  }

  /** Each module has the next one under two names, so that there are 2^depth names. */
  private static byte[] modulesInTwoPlaces(int depth) {
    var pickle = pickle().op('}', 'q', 0);
    for (int i = 0; i < depth; i++) {
      pickle.op('0').object("program", "Net").text("_parameters").op('}').text("_modules").op('}');
      pickle.text("a").op('h', i, 's').text("b").op('h', i, 's').endObject().op('q', i + 1);
    }
    return pickle.stop();
  }

  /** A dictionary of many entries under as many keys, which must be searched once only. */
  private static byte[] oneUnderManyKeys(int count) {
    var dictionary = entry("a").op('}', 'q', 0, '(').times(count, 'N', 'N').op('u', 's');
    for (int key = 0; key < count; key++) {
      dictionary.text(Integer.toString(key)).op('h', 0, 's');
    }
    return dictionary.stop();
  }

  @TestFactory
  Stream<DynamicTest> arrays() {
    var deep = new long[65];
    Arrays.fill(deep, 1);
    return Stream.of(
        refused(array("f4", "<", 2), "an array float32 [2] takes 8 bytes, but has 4"),
        refused(array("f4", "<"), "an array float32 [] takes 4 bytes, but has 3"),
        refused(
            array("f4", "<", -1), "its shape: expected a non-negative integer, got the number -1"),
        refused(array("f4", "<", 1L << 62, 4), "is too large for any file"),
        refused(array("f4", "<", Long.MAX_VALUE), "is too large for any file"),
        refused(array("f4", "<", deep), "its shape has 65 numbers; at most 16 are allowed"),
        refused(array("O8", "|", 1), "the element type 'O8' is not supported"),
        refused(array("c8", "<", 1), "the element type 'c8' is not supported"),
        refused(array("f4", "!", 1), "its order cannot be the string '!'"),
        refused(
            entry("a").emptyArray().op('s').stop(),
            "tensor 'a': an array is created, but its elements"),
        refused(
            entry("a").array("f4", "<", FOUR, 1).state("f4", "<", FOUR, 1).op('s').stop(),
            "an array's elements are set twice"),
        refused(
            entry("a").emptyArray().op('N', 'b', 's').stop(),
            "an array's state has 1 arguments; its shape is missing"),
        refused(buffer("X"), "its order cannot be the string 'X'"),
        refused(buffer("K", 1, 1), "its axes are not a permutation of 2 axes"),
        refused(buffer("K", 0), "its axes are not a permutation of 2 axes"));
  }

  private static byte[] array(String type, String order, long... shape) {
    return entry("a")
        .array(type, order, shape.length == 0 ? new byte[3] : FOUR, shape)
        .op('s')
        .stop();
  }

  private static byte[] buffer(String order, long... axes) {
    var pickle = entry("a").global("numpy._core.numeric", "_frombuffer").op('(').bytes(FOUR);
    return pickle.type("f4", "<").numbers(1, 1).text(order).numbers(axes).op('t', 'R', 's').stop();
  }

  @TestFactory
  Stream<DynamicTest> splitArrays() {
    return Stream.of(
        refused(parts("p", "f4", 2), "the parts of an array float32 [2] have a total of 4 bytes"),
        refused(parts("p", "f4", Long.MAX_VALUE), "have a total of 4 bytes"),
        refused(parts("q", "f4", 1), "there is no part 'q', or it is used twice"),
        refused(parts("", "f4", 1), "an array has no parts"));
  }

  private static byte[] parts(String part, String type, long... shape) {
    var pickle = entry("p").array(type, "<", FOUR, 1).op('s').text("UnpackBigParamInfor@@").op('}');
    pickle.text("w").op('}').text("OriginShape").numbers(shape).op('s').text("slices").op(']');
    if (!part.isEmpty()) {
      pickle.text(part).op('a');
    }
    return pickle.op('s', 's', 's').stop();
  }

  private static DynamicTest refused(byte[] pickle, String message) {
    String start = new String(pickle, 0, Math.min(pickle.length, 40), ISO_8859_1);
    return Refusal.of(start.replaceAll("\\P{Graph}", " "), pickle, message);
  }
}
