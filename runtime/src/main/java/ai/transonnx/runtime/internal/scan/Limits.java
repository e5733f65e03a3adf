package ai.transonnx.runtime.internal.scan;

/**
 * The limits of a model, so that loading it takes bounded time and memory. Each is several times
 * more than in any real model; SECURITY.md lists them.
 */
final class Limits {
  /** The size of a file in bytes: the most that Protobuf reads. */
  static final long FILE_BYTES = Integer.MAX_VALUE;

  /** Entries of the model's metadata: ONNX Runtime's time for reading them grows quadratically. */
  static final int METADATA_ENTRIES = 4096;

  /** Inputs and outputs of the model together. */
  static final int PORTS = 16_384;

  /** Initializers: ONNX Runtime's time for removing unused ones grows quadratically. */
  static final int INITIALIZERS = 32_768;

  /** Functions: ONNX Runtime copies the table of all functions for each call. */
  static final int FUNCTIONS = 4096;

  /** Messages and names in the file: ONNX Runtime's objects are many times larger than these. */
  static final int PARTS = 1 << 23;

  /** The length of a name in characters. */
  static final int NAME_LENGTH = 65_536;

  /** Documentation, and metadata of everything but the model, in bytes. */
  static final long PROSE_BYTES = 128 << 20;

  /** The number of dimensions of a tensor. */
  static final int RANK = 64;

  /** All sparse initializers together in bytes, as the dense ones that ONNX Runtime makes. */
  static final long DENSE_BYTES = 1 << 30;

  /** Graphs and calls of functions within each other: ONNX Runtime recurses into them. */
  static final int DEPTH = 32;

  /** Nodes, after each call of a function is replaced by its nodes. */
  static final long NODES = 1 << 20;

  /** Calls of functions, after the calls in each function are counted for each of its calls. */
  static final long CALLS = 1 << 15;

  /** The nodes that replace calls of functions, in bytes; nodes of the file do not count. */
  static final long EXPANDED_BYTES = 1 << 30;

  private Limits() {}
}
