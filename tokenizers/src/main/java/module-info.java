/** Hugging Face's tokenizers for the text of exported models. */
module ai.transonnx.tokenizers {
  requires ai.djl.tokenizers;
  requires ai.transonnx.format;
  requires ai.transonnx.runtime;
  requires static transitive org.jspecify;

  provides ai.transonnx.runtime.text.TokenizerProvider with
      ai.transonnx.tokenizers.HuggingFaceTokenizers;
}
