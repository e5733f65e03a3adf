package ai.transonnx.export.internal.pickle;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Writes valid and invalid pickles, instruction by instruction. */
public final class PickleBytes {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  /** A pickle of the given protocol. */
  public static PickleBytes of(int protocol) {
    return new PickleBytes().op(0x80, protocol);
  }

  /** An instruction with its bytes. */
  public PickleBytes op(int... bytes) {
    for (int b : bytes) {
      out.write(b);
    }
    return this;
  }

  public PickleBytes raw(byte[] bytes) {
    out.writeBytes(bytes);
    return this;
  }

  /** The same instructions, repeated. */
  public PickleBytes times(int count, int... bytes) {
    for (int i = 0; i < count; i++) {
      op(bytes);
    }
    return this;
  }

  private PickleBytes number(int bytes, long value) {
    var buffer = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN).putLong(value);
    out.write(buffer.array(), 0, bytes);
    return this;
  }

  public PickleBytes u4(long value) {
    return number(4, value);
  }

  public PickleBytes u8(long value) {
    return number(8, value);
  }

  public PickleBytes integer(long value) {
    return value == (int) value ? op('J').u4(value) : op(0x8a, 8).u8(value);
  }

  public PickleBytes text(String value) {
    var utf8 = value.getBytes(StandardCharsets.UTF_8);
    return op('X').u4(utf8.length).raw(utf8);
  }

  public PickleBytes bytes(byte[] value) {
    return op('B').u4(value.length).raw(value);
  }

  public PickleBytes global(String module, String name) {
    return op('c').raw((module + "\n" + name + "\n").getBytes(StandardCharsets.UTF_8));
  }

  public PickleBytes numbers(long... values) {
    op('(');
    for (long value : values) {
      integer(value);
    }
    return op('t');
  }

  /** A NumPy array, as protocol 3 stores it. */
  public PickleBytes array(String type, String order, byte[] data, long... shape) {
    return emptyArray().state(type, order, data, shape);
  }

  /** An array without a state. */
  public PickleBytes emptyArray() {
    global("numpy.core.multiarray", "_reconstruct").global("numpy", "ndarray");
    return numbers(0).bytes(new byte[] {'b'}).op(0x87, 'R');
  }

  /** An array's state. */
  public PickleBytes state(String type, String order, byte[] data, long... shape) {
    op('(').integer(1).numbers(shape).type(type, order);
    return op(0x89).bytes(data).op('t', 'b');
  }

  /** An array's type. */
  public PickleBytes type(String type, String order) {
    global("numpy", "dtype").text(type).op(0x89, 0x88, 0x87, 'R');
    return op('(')
        .integer(3)
        .text(order)
        .op('N', 'N', 'N')
        .integer(-1)
        .integer(-1)
        .integer(0)
        .op('t', 'b');
  }

  /** A PyTorch tensor: a view of a storage. */
  public PickleBytes tensor(String storage, String key, long count, long offset, String views) {
    global("torch._utils", "_rebuild_tensor_v2").op('(');
    storage(storage, key, count, "cpu").integer(offset);
    for (var view : views.split(";", -1)) {
      op('(');
      for (var number : view.split(",", -1)) {
        if (!number.isEmpty()) {
          integer(Long.parseLong(number));
        }
      }
      op('t');
    }
    return op(0x89).global("collections", "OrderedDict").op(')', 'R', 't', 'R');
  }

  /** The persistent ID of a PyTorch storage. */
  public PickleBytes storage(String type, String key, long count, String device) {
    op('(').text("storage").global("torch", type).text(key).text(device).integer(count);
    return op('t', 'Q');
  }

  /** An object of a class, up to its attributes, which {@link #endObject} ends. */
  public PickleBytes object(String module, String name) {
    return global(module, name).op(')', 0x81, '}', '(');
  }

  /** The end of an object's attributes. */
  public PickleBytes endObject() {
    return op('u', 'b');
  }

  /**
   * A whole module, which {@link #endObject} ends, with {@code count} float32 parameters {@code w},
   * up to its modules: a dictionary that the caller writes.
   */
  public PickleBytes module(String name, long count) {
    object("program", name).text("training").op(0x88).text("_parameters").op('}');
    text("w").global("torch._utils", "_rebuild_parameter");
    tensor("FloatStorage", "0", count, 0, count + ";1").op(0x88, 'N', 0x87, 'R', 's');
    text("_buffers").op('}').text("cache").tensor("FloatStorage", "0", count, 0, "1;1").op('s');
    text("_non_persistent_buffers_set").global("__builtin__", "set").op(']');
    return text("cache").op('a', 0x85, 'R').text("_modules");
  }

  /** The pickle, ended. */
  public byte[] stop() {
    return op('.').toByteArray();
  }

  /** The bytes so far. */
  public byte[] toByteArray() {
    return out.toByteArray();
  }
}
