package ai.transonnx.runtime.text;

import java.nio.file.Path;

/**
 * Reads one kind of tokenizer files. {@link Tokenizers} finds implementations with {@link
 * java.util.ServiceLoader}.
 */
public interface TokenizerProvider {
  /**
   * Creates the tokenizer of a file.
   *
   * @param file the file's name, for messages
   * @param content all of its bytes
   * @throws ai.transonnx.InputException if it is malformed, or this provider does not read its kind
   */
  Tokenizer read(Path file, byte[] content);
}
