package ai.transonnx.djl.serving;

import ai.djl.modality.Input;
import ai.transonnx.runtime.RequestException;
import java.util.Locale;

/**
 * The content of a request.
 *
 * @param bytes the body
 * @param isJson whether it is an object of JSON: its type says so, or names no other one and it
 *     begins like one
 */
record RequestContent(byte[] bytes, boolean isJson) {
  /**
   * That of a request.
   *
   * @throws RequestException if it has none
   */
  static RequestContent of(Input input) {
    var data = input.getContent().isEmpty() ? null : input.getData();
    var bytes = data == null ? new byte[0] : data.getAsBytes();
    if (bytes.length == 0) {
      throw new RequestException("the body is empty");
    }
    var type = input.getProperty("Content-Type", "").toLowerCase(Locale.ROOT);
    boolean isOther = type.startsWith("text/") || type.startsWith("image/");
    return new RequestContent(bytes, type.contains("json") || (!isOther && beginsLikeJson(bytes)));
  }

  private static boolean beginsLikeJson(byte[] bytes) {
    int start = 0;
    while (start < bytes.length && " \t\r\n".indexOf(bytes[start]) >= 0) {
      start++;
    }
    return start < bytes.length && bytes[start] == '{';
  }
}
