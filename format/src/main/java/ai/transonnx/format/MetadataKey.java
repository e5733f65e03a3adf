package ai.transonnx.format;

import java.util.Locale;
import java.util.Optional;

/**
 * The keys of a file's metadata, whose values are texts. An entry that does not apply to a model is
 * absent. {@code docs/running.md} explains the entries to other programs.
 */
public enum MetadataKey {
  /** The library whose class the model is, such as {@code x-transformers}. */
  LIBRARY,

  /** The version of the library that the graph follows. */
  LIBRARY_VERSION,

  /** The configuration: the Python class and its arguments, as JSON. */
  CONFIG,

  /**
   * The SHA-256 of the file with the weights, in hexadecimal; of a sharded checkpoint, of its files
   * one after the other.
   */
  WEIGHTS_SHA256,

  /**
   * The SHA-256 of the tokenizer's file beside the model, {@code MODEL.onnx.tokenizer.json}, in
   * hexadecimal.
   */
  TOKENIZER_SHA256,

  /** The version of the exporter. */
  VERSION,

  /** The type of the weight matrices, such as {@code float16}. */
  DTYPE,

  /**
   * How weight matrices are quantized: the type and the size of a block, such as {@code int4 32}.
   */
  QUANTIZATION,

  /**
   * {@code num_tokens.NAME}: the vocabulary size of the input {@code NAME}, whose tokens are
   * numbers from 0 up. The output {@code logits} may have more or fewer entries.
   */
  NUM_TOKENS,

  /**
   * The largest number of positions in a sequence; with state, of all calls together. Absent if
   * there is no limit.
   */
  MAX_LENGTH,

  /**
   * The largest number of tokens in the source of an encoder-decoder model, whose encoder has an
   * embedding for each position. Absent if there is no limit.
   */
  MAX_SOURCE_LENGTH,

  /**
   * How the library rounds the number of tokens that its top-k filter keeps, a share of the
   * vocabulary: {@code ceil} or {@code floor}.
   */
  TOP_K,

  /**
   * The token that stands for a number: the input {@code x_num} has its value, the output {@code
   * numerical_pred} predicts it.
   */
  NUMBER_TOKEN,

  /** The state tensors as a JSON list, see {@link StateJson}. */
  STATE,

  /** {@code true} if state lets a sequence be fed in chunks of any length. */
  INCREMENTAL,

  /** {@code true} if rows of one call may be at different positions, according to their state. */
  RAGGED,

  /** How many slots buffers have before those of the positions. */
  RESERVED_SLOTS,

  /** The number of positions in a segment. A call ends with its segment at the latest. */
  SEGMENT_LENGTH,

  /** The number of positions in a group: see {@link StateRole#GROUP}. */
  GROUP_SIZE,

  /**
   * How many positions each one sees, itself included, in a model whose buffers are rings. If all
   * slots are taken, a call has at most {@link #RING_SLOTS} - {@link #RING_WINDOW} + 1 positions.
   */
  RING_WINDOW,

  /** The number of slots of such a ring. */
  RING_SLOTS,

  /**
   * The value of {@link StateRole#WINDOW} with which a loop continues beyond {@link #MAX_LENGTH}.
   */
  KEPT_WINDOW,

  /** The number of slots that buffers have with this window. */
  KEPT_SLOTS,

  /** Why no loop can continue beyond {@link #MAX_LENGTH} with its state. */
  FIXED_WINDOW;

  private static final String PREFIX = "transonnx.";

  /** Whether the key has a parameter, the name of an input. */
  public boolean hasParameter() {
    return this == NUM_TOKENS;
  }

  /**
   * The key in the file, such as {@code transonnx.max_length}.
   *
   * @throws IllegalStateException if it {@linkplain #hasParameter has a parameter}
   */
  public String key() {
    if (hasParameter()) {
      throw new IllegalStateException(this + " has a parameter");
    }
    return PREFIX + label();
  }

  /**
   * The key in the file for one input, such as {@code transonnx.num_tokens.src}.
   *
   * @throws IllegalStateException if it has no parameter
   */
  public String key(String parameter) {
    if (!hasParameter()) {
      throw new IllegalStateException(this + " has no parameter");
    }
    return PREFIX + label() + "." + parameter;
  }

  /** The parameter in a file's key, if it is this one with a parameter. */
  public Optional<String> parameterOf(String key) {
    String start = PREFIX + label() + ".";
    return hasParameter() && key.startsWith(start)
        ? Optional.of(key.substring(start.length()))
        : Optional.empty();
  }

  private String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The key without its prefix, such as {@code max_length} or {@code num_tokens.NAME}. */
  @Override
  public String toString() {
    return hasParameter() ? label() + ".NAME" : label();
  }
}
