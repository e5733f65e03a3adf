/** Hugging Face's tokenizers for the text of exported models. */
module ai.transonnx.tokenizers {
  requires transitive ai.transonnx.runtime;
  requires ai.djl.tokenizers;
  requires ai.transonnx.format;
  requires static transitive org.jspecify;

  exports ai.transonnx.tokenizers;

  provides ai.transonnx.runtime.text.TokenizerProvider with
      ai.transonnx.tokenizers.HuggingFaceTokenizers;
}
