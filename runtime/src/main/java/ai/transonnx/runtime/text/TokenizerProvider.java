package ai.transonnx.runtime.text;

import java.nio.file.Path;

/**
 * Reads one kind of tokenizer files. {@link Tokenizers} finds implementations with {@link
 * java.util.ServiceLoader}.
 */
public interface TokenizerProvider {
  /** Whether a file looks like the kind that this provider reads. */
  boolean reads(byte[] content);

  /**
   * Creates the tokenizer of a file.
   *
   * @param file the file's name, for messages
   * @param content all of its bytes
   * @throws ai.transonnx.InputException if it is malformed
   */
  Tokenizer read(Path file, byte[] content);
}
