package ai.transonnx.export.internal.pickle;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** The instructions of pickle protocols 2 to 5, with Python's names. */
enum Opcode {
  PROTO(0x80),
  FRAME(0x95),
  STOP('.'),
  MARK('('),
  POP('0'),
  POP_MARK('1'),
  DUP('2'),
  NONE('N'),
  NEWTRUE(0x88),
  NEWFALSE(0x89),
  BININT('J'),
  BININT1('K'),
  BININT2('M'),
  LONG1(0x8a),
  LONG4(0x8b),
  BINFLOAT('G'),
  BINUNICODE('X'),
  SHORT_BINUNICODE(0x8c),
  BINUNICODE8(0x8d),
  BINSTRING('T'),
  SHORT_BINSTRING('U'),
  BINBYTES('B'),
  SHORT_BINBYTES('C'),
  BINBYTES8(0x8e),
  BYTEARRAY8(0x96),
  EMPTY_LIST(']'),
  APPEND('a'),
  APPENDS('e'),
  LIST('l'),
  EMPTY_TUPLE(')'),
  TUPLE('t'),
  TUPLE1(0x85),
  TUPLE2(0x86),
  TUPLE3(0x87),
  EMPTY_DICT('}'),
  DICT('d'),
  SETITEM('s'),
  SETITEMS('u'),
  EMPTY_SET(0x8f),
  ADDITEMS(0x90),
  FROZENSET(0x91),
  BINPUT('q'),
  LONG_BINPUT('r'),
  MEMOIZE(0x94),
  BINGET('h'),
  LONG_BINGET('j'),
  GLOBAL('c'),
  STACK_GLOBAL(0x93),
  REDUCE('R'),
  NEWOBJ(0x81),
  BUILD('b'),
  BINPERSID('Q'),
  PERSID('P'),
  INST('i'),
  OBJ('o'),
  NEWOBJ_EX(0x92),
  EXT1(0x82),
  EXT2(0x83),
  EXT4(0x84),
  NEXT_BUFFER(0x97),
  READONLY_BUFFER(0x98);

  private static final Map<Integer, Opcode> BY_CODE = new HashMap<>();

  static {
    for (var opcode : values()) {
      BY_CODE.put(opcode.code, opcode);
    }
  }

  private final int code;

  Opcode(int code) {
    this.code = code;
  }

  /** Whether it makes an object from arguments. */
  boolean isCall() {
    return switch (this) {
      case REDUCE, NEWOBJ, NEWOBJ_EX, OBJ, INST -> true;
      default -> false;
    };
  }

  static Opcode of(int code) {
    var opcode = BY_CODE.get(code);
    if (opcode == null) {
      throw new PickleException(
          String.format(
              Locale.ROOT, "0x%02x is not an instruction of pickle protocols 2 to 5", code));
    }
    return opcode;
  }
}
