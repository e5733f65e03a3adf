package ai.transonnx.format.internal.wire;

import ai.transonnx.format.internal.proto.StringStringEntryProto;
import ai.transonnx.format.internal.proto.TensorProto;

/** Encodes the fields of a tensor whose elements are bytes of another file. */
public final class DataReference {
  private DataReference() {}

  /**
   * The fields that replace a tensor's data.
   *
   * @param location the file's name, relative to the model's folder
   * @param offset the first byte of the elements
   * @param length the number of bytes
   */
  public static MessageWriter encode(String location, long offset, long length) {
    return new MessageWriter()
        .message(TensorProto.EXTERNAL_DATA_FIELD_NUMBER, entry("location", location))
        .message(TensorProto.EXTERNAL_DATA_FIELD_NUMBER, entry("offset", "" + offset))
        .message(TensorProto.EXTERNAL_DATA_FIELD_NUMBER, entry("length", "" + length))
        .number(TensorProto.DATA_LOCATION_FIELD_NUMBER, TensorProto.DataLocation.EXTERNAL_VALUE);
  }

  private static MessageWriter entry(String key, String value) {
    return new MessageWriter()
        .text(StringStringEntryProto.KEY_FIELD_NUMBER, key)
        .text(StringStringEntryProto.VALUE_FIELD_NUMBER, value);
  }
}
