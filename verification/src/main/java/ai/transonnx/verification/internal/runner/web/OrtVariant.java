package ai.transonnx.verification.internal.runner.web;

/** The variants of onnxruntime-web. */
enum OrtVariant {
  /** Computes with WebAssembly. */
  WASM("wasm"),
  /** Computes with WebGPU, and with WebAssembly what WebGPU cannot compute. */
  WEB_GPU("webgpu");

  private final String provider;

  OrtVariant(String provider) {
    this.provider = provider;
  }

  /** The script of the package that a page imports. */
  String script() {
    return "ort.%s.min.mjs".formatted(provider);
  }

  /** The part of the page's address that selects this variant. */
  String query() {
    return "?provider=" + provider;
  }
}
