package ai.transonnx.export.internal.pickle;

import ai.transonnx.InputException;
import ai.transonnx.export.internal.pickle.PickleValue.Bool;
import ai.transonnx.export.internal.pickle.PickleValue.Constructor;
import ai.transonnx.export.internal.pickle.PickleValue.Int;
import ai.transonnx.export.internal.pickle.PickleValue.LibraryObject;
import ai.transonnx.export.internal.pickle.PickleValue.Mapping;
import ai.transonnx.export.internal.pickle.PickleValue.None;
import ai.transonnx.export.internal.pickle.PickleValue.Real;
import ai.transonnx.export.internal.pickle.PickleValue.Sequence;
import ai.transonnx.export.internal.pickle.PickleValue.Text;
import ai.transonnx.export.internal.pickle.PickleValue.Tuple;
import ai.transonnx.export.internal.weights.Location;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads pickles of the protocols 2 to 5. It interprets the instructions and builds {@link
 * PickleValue}s; it runs no code. A call of a class or function that it does not know is an {@link
 * Instance}.
 *
 * <p>Arrays stay in the file, and the numbers of instructions, memo entries and stack values are
 * bounded, so that reading any file takes at most a few hundred megabytes of memory, and at most
 * half of the heap.
 */
public final class PickleReader {
  private static final int MAX_INSTRUCTIONS = 3_000_000;

  /** More than the heap that an instruction takes for a value, without its text. */
  private static final long VALUE_BYTES = 80;

  /** More than the heap that a state takes, with the reason for which it is not valid. */
  private static final long STATE_BYTES = 500;

  /** More than the heap that a call takes for a tensor of the highest rank. */
  private static final long CALL_BYTES = 1500;

  private static final int LOWEST_PROTOCOL = 2;
  private static final int HIGHEST_PROTOCOL = 5;

  private final Location location;
  private final PickleInput input;
  private final KnownGlobals globals;
  private final PickleStack stack = new PickleStack();
  private final Memo memo = new Memo();
  private final HeapBudget budget;
  private final Scalars scalars;
  private int instructions;

  private PickleReader(
      Location location, PickleInput input, KnownGlobals globals, HeapBudget budget) {
    this.location = location;
    this.input = input;
    this.globals = globals;
    this.budget = budget;
    this.scalars = new Scalars(input, budget);
  }

  /**
   * Reads one pickle, up to its end; the input may continue after it.
   *
   * @throws InputException if the bytes are not a pickle, or exceed the limits
   */
  public static PickleValue read(Location location, PickleInput input, KnownGlobals globals) {
    return read(location, input, globals, Runtime.getRuntime().maxMemory() / 2);
  }

  /**
   * Reads one pickle.
   *
   * @param heap the bytes that it may take
   */
  static PickleValue read(Location location, PickleInput input, KnownGlobals globals, long heap) {
    return new PickleReader(location, input, globals, new HeapBudget(heap)).read();
  }

  private PickleValue read() {
    long start = input.position();
    try {
      protocol();
      while (true) {
        start = input.position();
        if (++instructions > MAX_INSTRUCTIONS) {
          throw new PickleException("it has more than %s instructions".formatted(MAX_INSTRUCTIONS));
        }
        var opcode = Opcode.of(input.unsignedByte("an instruction"));
        if (opcode == Opcode.STOP) {
          return result();
        }
        budget.take(
            opcode.isCall() ? CALL_BYTES : opcode == Opcode.BUILD ? STATE_BYTES : VALUE_BYTES);
        execute(opcode);
      }
    } catch (PickleException e) {
      throw new InputException(
          "%s: at byte %s of the pickle: %s".formatted(location, start, e.getMessage()), e);
    }
  }

  private void protocol() {
    if (Opcode.of(input.unsignedByte("the protocol")) != Opcode.PROTO) {
      throw new PickleException(
          "it does not begin with a protocol version; protocols 2 to 5 are supported");
    }
    int protocol = input.unsignedByte("the protocol");
    if (protocol < LOWEST_PROTOCOL || protocol > HIGHEST_PROTOCOL) {
      throw new PickleException(
          "its protocol is %s; protocols 2 to 5 are supported".formatted(protocol));
    }
  }

  private PickleValue result() {
    var result = stack.pop();
    if (stack.depth() > 0) {
      throw new PickleException(
          "it ends with %s more values on its stack than its result".formatted(stack.depth()));
    }
    return result;
  }

  private void execute(Opcode opcode) {
    switch (opcode) {
      case PROTO -> throw new PickleException("it has a second protocol version");
      case FRAME -> input.requireRemaining(input.signedLong("a frame's length"), "a frame");
      case STOP -> throw new AssertionError("handled before");
      case MARK -> stack.mark();
      case POP -> stack.pop();
      case POP_MARK -> stack.popToMark();
      case DUP -> stack.push(stack.peek());
      case NONE -> stack.push(new None());
      case NEWTRUE -> stack.push(new Bool(true));
      case NEWFALSE -> stack.push(new Bool(false));
      case BININT -> stack.push(new Int(input.signedInt("a number")));
      case BININT1 -> stack.push(new Int(input.unsignedByte("a number")));
      case BININT2 -> stack.push(new Int(input.unsignedShort("a number")));
      case LONG1 -> stack.push(scalars.integer(input.unsignedByte("a number's length")));
      case LONG4 -> stack.push(scalars.integer(input.unsignedInt("a number's length")));
      case BINFLOAT -> stack.push(new Real(input.real("a number")));
      case SHORT_BINUNICODE -> stack.push(scalars.text(input.unsignedByte("a string's length")));
      case BINUNICODE -> stack.push(scalars.text(input.unsignedInt("a string's length")));
      case BINUNICODE8 -> stack.push(scalars.text(input.signedLong("a string's length")));
      case SHORT_BINSTRING, SHORT_BINBYTES ->
          stack.push(scalars.bytes(input.unsignedByte("the length of bytes")));
      case BINSTRING, BINBYTES ->
          stack.push(scalars.bytes(input.unsignedInt("the length of bytes")));
      case BINBYTES8, BYTEARRAY8 ->
          stack.push(scalars.bytes(input.signedLong("the length of bytes")));
      case EMPTY_LIST, EMPTY_SET -> stack.push(new Sequence());
      case APPEND -> append(List.of(stack.pop()));
      case APPENDS, ADDITEMS -> append(stack.popToMark());
      case LIST, FROZENSET -> {
        var items = stack.popToMark();
        stack.push(new Sequence());
        append(items);
      }
      case EMPTY_TUPLE -> stack.push(new Tuple(List.of()));
      case TUPLE -> stack.push(new Tuple(stack.popToMark()));
      case TUPLE1 -> stack.push(new Tuple(stack.pop(1)));
      case TUPLE2 -> stack.push(new Tuple(stack.pop(2)));
      case TUPLE3 -> stack.push(new Tuple(stack.pop(3)));
      case EMPTY_DICT -> stack.push(new Mapping());
      case DICT -> {
        var items = stack.popToMark();
        stack.push(new Mapping());
        setItems(items);
      }
      case SETITEM -> setItems(stack.pop(2));
      case SETITEMS -> setItems(stack.popToMark());
      case BINPUT -> memo.put(input.unsignedByte("a number"), stack.peek());
      case LONG_BINPUT -> memo.put(input.unsignedInt("a number"), stack.peek());
      case MEMOIZE -> memo.put(memo.size(), stack.peek());
      case BINGET -> stack.push(memo.get(input.unsignedByte("a number")));
      case LONG_BINGET -> stack.push(memo.get(input.unsignedInt("a number")));
      case GLOBAL -> stack.push(global());
      case STACK_GLOBAL -> {
        var names = new Arguments("a name", stack.pop(2));
        stack.push(globals.resolve(names.text(0, "its module"), names.text(1, "its name")));
      }
      case REDUCE, NEWOBJ -> {
        var call = new Arguments("a call", stack.pop(2));
        stack.push(call(call.value(0, "its function"), arguments(call)));
      }
      case NEWOBJ_EX -> {
        var call = new Arguments("a call", stack.pop(3));
        var all = new ArrayList<>(arguments(call));
        all.add(call.value(2, "its named arguments"));
        stack.push(call(call.value(0, "its function"), all));
      }
      case OBJ -> {
        var call = new Arguments("a call", stack.popToMark());
        var function = call.value(0, "its function");
        stack.push(call(function, call.values().subList(1, call.count())));
      }
      case INST -> {
        var function = global();
        stack.push(call(function, stack.popToMark()));
      }
      case BUILD -> {
        var state = stack.pop();
        stack.peek().build(state);
      }
      case BINPERSID -> stack.push(globals.persistent(stack.pop()));
      case PERSID -> stack.push(globals.persistent(new Text(scalars.line("a persistent ID"))));
      case EXT1 -> stack.push(extension(input.unsignedByte("a number")));
      case EXT2 -> stack.push(extension(input.unsignedShort("a number")));
      case EXT4 -> stack.push(extension(input.unsignedInt("a number")));
      case NEXT_BUFFER, READONLY_BUFFER ->
          throw new PickleException(
              "it uses the instruction %s, which is not supported".formatted(opcode));
    }
  }

  private PickleValue global() {
    return globals.resolve(scalars.line("a module"), scalars.line("a name"));
  }

  /** A global that Python's {@code copyreg} module has under a number. */
  private static PickleValue extension(long code) {
    return new PickleValue.Global("copyreg", Long.toString(code));
  }

  private static List<PickleValue> arguments(Arguments call) {
    return call.value(1, "its arguments", Tuple.class).items();
  }

  /** The result of a call. Only the constructors of known globals are evaluated. */
  private PickleValue call(PickleValue function, List<PickleValue> arguments) {
    if (!(function instanceof Constructor constructor)) {
      if (!(function instanceof LibraryObject || function instanceof PickleValue.Global)) {
        throw new PickleException("a call: its function cannot be " + function.description());
      }
      return Instance.of(function, arguments);
    }
    try {
      return constructor.apply(arguments);
    } catch (PickleException e) {
      budget.takeText(String.valueOf(e.getMessage()).length());
      return Instance.failed(function, arguments, e);
    }
  }

  private void append(List<PickleValue> items) {
    var target = stack.peek();
    var list =
        target instanceof Instance instance
            ? instance.itemsToExtend()
            : new Arguments("adding items", List.of(target)).value(0, "its list", Sequence.class);
    list.items().addAll(items);
  }

  private void setItems(List<PickleValue> items) {
    if (items.size() % 2 != 0) {
      throw new PickleException("it sets a key without a value");
    }
    var target = stack.peek();
    var mapping =
        target instanceof Instance instance
            ? instance.entriesToExtend()
            : new Arguments("setting items", List.of(target))
                .value(0, "its dictionary", Mapping.class);
    for (int i = 0; i < items.size(); i += 2) {
      mapping.put(items.get(i), items.get(i + 1));
    }
  }
}
