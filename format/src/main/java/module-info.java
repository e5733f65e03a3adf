/**
 * The contract between an exported file and the programs that run it: element types, symbolic
 * sizes, state and metadata keys.
 */
@SuppressWarnings("module") // The modules of qualified exports are compiled after this one.
module ai.transonnx.format {
  requires com.fasterxml.jackson.databind;
  requires com.google.protobuf;
  requires static transitive org.jspecify;

  exports ai.transonnx;
  exports ai.transonnx.format;
  exports ai.transonnx.format.internal to
      ai.transonnx.builder,
      ai.transonnx.djl,
      ai.transonnx.export,
      ai.transonnx.runtime,
      ai.transonnx.tokenizers,
      ai.transonnx.verification;
  exports ai.transonnx.format.internal.file to
      ai.transonnx.builder,
      ai.transonnx.djl,
      ai.transonnx.export,
      ai.transonnx.runtime,
      ai.transonnx.tokenizers,
      ai.transonnx.verification;
  exports ai.transonnx.format.internal.proto to
      ai.transonnx.djl,
      ai.transonnx.export,
      ai.transonnx.runtime,
      ai.transonnx.verification;
  exports ai.transonnx.format.internal.tokenizer to
      ai.transonnx.export,
      ai.transonnx.runtime,
      ai.transonnx.tokenizers;
  exports ai.transonnx.format.internal.wire to
      ai.transonnx.djl,
      ai.transonnx.export,
      ai.transonnx.runtime,
      ai.transonnx.verification;
}
