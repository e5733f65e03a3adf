package ai.transonnx.export.internal.pickle;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import ai.transonnx.export.internal.weights.Refusal;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Pickles that are not what {@code paddle.save} writes. */
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
        refused(PickleBytes.of(1).stop(), "its protocol is 1; only 2 to 5 are read"),
        refused(PickleBytes.of(6).stop(), "its protocol is 6"),
        refused(
            pickle().toByteArray(), "an instruction takes 1 bytes, 0 are left; the file is trunc"),
        refused(pickle().op(0xff).stop(), "0xff is no instruction of a pickle"),
        refused(pickle().op(0x80, 4).stop(), "it states its protocol again"),
        refused(pickle().op(0x95).u8(1000).stop(), "a frame takes 1000 bytes, 1 are left"),
        refused(pickle().op(0x95).u8(-1).stop(), "a frame takes 18446744073709551615 bytes"),
        refused(pickle().op('B').u4(0xffffffffL).stop(), "bytes takes 4294967295 bytes"),
        refused(pickle().op(0x8e).u8(Long.MIN_VALUE).stop(), "bytes takes 9223372036854775808"),
        refused(pickle().op(0x96).u8(1L << 40).stop(), "bytes takes 1099511627776 bytes"),
        refused(pickle().op('C', 9).stop(), "bytes takes 9 bytes, 1 are left"),
        refused(pickle().op('X').u4(1 << 30).stop(), "a text takes 1073741824 bytes"),
        refused(pickle().op(0x8d).u8(-1).stop(), "a text takes 18446744073709551615 bytes"),
        refused(pickle().op(0x8c, 2, 0xff, 0xff).stop(), "a text is not UTF-8 text"),
        refused(pickle().op('J', 1, 2).toByteArray(), "a number takes 4 bytes, 2 are left"),
        refused(pickle().op(0x8b).u4(1 << 30).stop(), "a number has 1073741824 bytes"),
        refused(pickle().op(0x8a, 200).stop(), "a number takes 200 bytes"),
        refused(pickle().op('K', 1, 0x86).stop(), "it takes more from its stack than is there"),
        refused(
            pickle().op('K', 1, '(', 0x85).stop(), "it takes more from its stack than is there"),
        refused(pickle().op('t').stop(), "it needs a mark that it has not set"),
        refused(pickle().op('h', 3).stop(), "it refers to value 3, which it has not remembered"),
        refused(pickle().op('j').u4(-1).stop(), "it refers to value 4294967295"),
        refused(pickle().text("f").op(')', 'R').stop(), "what is called cannot be the text 'f'"),
        refused(pickle().op('K', 1, 'N', 'b').stop(), "the number 1 cannot be given a state"),
        refused(pickle().op('}', 'N', 'a').stop(), "what is added to cannot be a dictionary"),
        refused(pickle().op(']', 'N', 'N', 's').stop(), "what is changed cannot be a list"),
        refused(pickle().op('}', '(', 'N', 'u').stop(), "it sets a key without a value"),
        refused(pickle().op('N', 'N').stop(), "it stops with 1 values too many"),
        refused(pickle().op('}').op('.').stop(), "1 bytes follow the pickle's end"),
        refused(pickle().op(0x82, 1).stop(), "it uses the instruction EXT1"),
        refused(pickle().op('i').stop(), "it uses the instruction INST"),
        refused(pickle().op('(', 'o').stop(), "it uses the instruction OBJ"),
        refused(pickle().op('P').stop(), "it uses the instruction PERSID"),
        refused(pickle().op(0x97).stop(), "it uses the instruction NEXT_BUFFER"),
        refused(pickle().op('N', 'Q').stop(), "it refers to objects outside of it"),
        refused(pickle().op('c').times(2000, 'a').stop(), "a module is longer than 1024 bytes"));
  }

  @TestFactory
  Stream<DynamicTest> names() {
    var call = pickle().global("os", "system").text("true").op(0x85, 'R').stop();
    var stack = pickle().text("posix").text("system").op(0x93).text("true").op(0x85, 'R').stop();
    return Stream.of(
        refused(call, "it asks for 'os.system', which no file of weights needs"),
        refused(stack, "it asks for 'posix.system'"),
        refused(pickle().global("builtins", "eval").stop(), "it asks for 'builtins.eval'"),
        refused(pickle().global("builtins", "getattr").stop(), "'builtins.getattr'"),
        refused(pickle().global("numpy", "load").stop(), "it asks for 'numpy.load'"),
        refused(pickle().global("torch._utils", "_rebuild_tensor_v2").stop(), "'torch._utils."),
        refused(pickle().text("a").op('N', 0x93).stop(), "it cannot be None"),
        refused(
            pickle().global("a\u0007\u2028b", "c").stop(), "it asks for 'a??b.c', which no file"),
        refused(encoded("\u0100", "latin1"), "a character beyond Latin-1"),
        refused(encoded("a", "rot13"), "the encoding cannot be the text 'rot13'"),
        refused(
            pickle().global("_codecs", "encode").op(')', 'R').stop(),
            "_codecs.encode has 0 arguments, and lacks its the encoding"),
        refused(
            pickle().global("collections", "OrderedDict").op(']', 'N', 'a', 0x85, 'R').stop(),
            "collections.OrderedDict: None is no pair"));
  }

  private static byte[] encoded(String text, String encoding) {
    return pickle().global("_codecs", "encode").text(text).text(encoding).op(0x86, 'R').stop();
  }

  /** What would take more memory than a reader should need, without a length to tell. */
  @TestFactory
  Stream<DynamicTest> sizes() {
    return Stream.of(
        refused(pickle().times(500_001, 'N').stop(), "its stack is deeper than 500000"),
        refused(pickle().times(500_001, '(').stop(), "it sets more than 500000 marks"),
        refused(pickle().times(1_500_001, 'N', '0').stop(), "more than 3000000 instructions"),
        refused(pickle().op('N').times(500_001, 0x94).stop(), "it remembers more than 500000"));
  }

  @TestFactory
  Stream<DynamicTest> stateDicts() {
    var twice = entry("a").array("f4", "<", FOUR, 1).op('s').text("a").array("f4", "<", FOUR, 1);
    var two =
        pickle().op('}').text("model").op('}').text("a").array("f4", "<", FOUR, 1).op('s', 's');
    two.text("state_dict").op('}').text("b").array("f4", "<", FOUR, 1).op('s', 's');
    var other = entry("ema").op('}').text("a").array("f4", "<", FOUR, 1).op('s', 's');
    var milestones = entry("milestones").global("collections", "Counter").op('}', 0x85, 'R', 's');
    var circle = pickle().op('}', 0x94).text("model").op('h', 0, 's');
    return Stream.of(
        refused(pickle().op(']').stop(), "it holds a list; save a state dict"),
        refused(pickle().array("f4", "<", FOUR, 1).stop(), "it holds an array float32 [1]"),
        refused(pickle().op('}').stop(), "it has no tensors"),
        refused(circle.stop(), "it has no tensors"),
        refused(milestones.stop(), "it has no tensors"),
        refused(oneUnderManyKeys(20_000), "it has no tensors"),
        refused(twice.op('s').stop(), "tensor 'a': it stands there twice"),
        refused(two.stop(), "it has state dicts under 'model', 'state_dict'; name the key"),
        refused(other.stop(), "it has no tensors but under 'ema'; name the key"),
        refused(
            pickle().op('}').integer(7).array("f4", "<", FOUR, 1).op('s').stop(),
            "a tensor's name must be a text of at most 1024 bytes, got the number 7"),
        refused(
            entry("a".repeat(1025)).array("f4", "<", FOUR, 1).op('s').stop(),
            "got a text of 1025 bytes"),
        refused(
            entry("a\nb").array("f4", "<", FOUR, 1).op('s').stop(),
            "tensor 'a?b': a name cannot be empty or have control characters"),
        refused(entry("").array("f4", "<", FOUR, 1).op('s').stop(), "a name cannot be empty"));
  }

  /** A dictionary of many entries that stands under as many keys, and is to be searched once. */
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
        refused(array("f4", "<", -1), "must be of whole numbers from 0 on, got the number -1"),
        refused(array("f4", "<", 1L << 62, 4), "overflows the size of any file"),
        refused(array("f4", "<", Long.MAX_VALUE), "overflows the size of any file"),
        refused(array("f4", "<", deep), "its shape has 65 numbers; at most 64 are allowed"),
        refused(array("O8", "|", 1), "arrays of type the text 'O8' are not read"),
        refused(array("c8", "<", 1), "arrays of type the text 'c8' are not read"),
        refused(array("f4", "!", 1), "its order cannot be the text '!'"),
        refused(
            entry("a").emptyArray().op('s').stop(), "tensor 'a': an array is made, but is given"),
        refused(
            entry("a").array("f4", "<", FOUR, 1).state("f4", "<", FOUR, 1).op('s').stop(),
            "an array is given its elements twice"),
        refused(
            entry("a").emptyArray().op('N', 'b', 's').stop(),
            "an array's state has 1 arguments, and lacks its its shape"),
        refused(buffer("X"), "its order cannot be the text 'X'"),
        refused(buffer("K", 1, 1), "its axes are no order of 2 axes"),
        refused(buffer("K", 0), "its axes are no order of 2 axes"));
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
  Stream<DynamicTest> arraysInParts() {
    return Stream.of(
        refused(parts("p", "f4", 2), "the parts of an array float32 [2] have 4 bytes together"),
        refused(parts("p", "f4", Long.MAX_VALUE), "have 4 bytes together"),
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
