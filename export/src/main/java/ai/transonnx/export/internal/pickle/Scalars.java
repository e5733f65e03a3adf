package ai.transonnx.export.internal.pickle;

import ai.transonnx.export.internal.pickle.PickleValue.Bytes;
import ai.transonnx.export.internal.pickle.PickleValue.HugeInt;
import ai.transonnx.export.internal.pickle.PickleValue.Int;
import ai.transonnx.export.internal.pickle.PickleValue.LongText;
import ai.transonnx.export.internal.pickle.PickleValue.Text;
import java.math.BigInteger;

/** Reads the numbers, strings and bytes of a pickle. Those that may be long stay in the file. */
record Scalars(PickleInput input, HeapBudget budget) {
  /** An integer of a length in bytes. */
  PickleValue integer(long length) {
    if (length > 255) {
      throw new PickleException("a number has %s bytes".formatted(length));
    }
    var littleEndian = input.bytes((int) length, "a number");
    var bigEndian = new byte[littleEndian.length + 1];
    for (int i = 0; i < littleEndian.length; i++) {
      bigEndian[littleEndian.length - i] = littleEndian[i];
    }
    bigEndian[0] = (byte) (length > 0 ? bigEndian[1] >> 7 : 0);
    var number = new BigInteger(bigEndian);
    return number.bitLength() < Long.SIZE
        ? new Int(number.longValue())
        : new HugeInt(number.bitLength());
  }

  /** A string of a length in bytes. */
  PickleValue text(long length) {
    if (length < 0 || length > PickleValue.MAX_SHORT_TEXT) {
      return new LongText(input.region(length, "a string"), length);
    }
    budget.takeText(length);
    return new Text(input.text((int) length, "a string"));
  }

  PickleValue bytes(long length) {
    return new Bytes(input.region(length, "bytes"), length);
  }

  /** A line of text. */
  String line(String field) {
    var line = input.line(field);
    budget.takeText(line.length());
    return line;
  }
}
