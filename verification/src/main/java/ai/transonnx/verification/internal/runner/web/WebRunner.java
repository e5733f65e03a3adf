package ai.transonnx.verification.internal.runner.web;

import ai.transonnx.verification.internal.runner.ProcessRunner;
import ai.transonnx.verification.internal.runner.RunnerName;
import ai.transonnx.verification.runner.ModelRunner;
import ai.transonnx.verification.runner.RunnerOptions;

/** onnxruntime-web in a page of Chromium. */
public final class WebRunner {
  private WebRunner() {}

  /** Opens {@code web-wasm}, as {@code Runners.open} describes. */
  public static ModelRunner openWasm(RunnerName name, RunnerOptions options) {
    return open(name, options, WebSetup.find(name, OrtVariant.WASM));
  }

  /** Opens {@code web-webgpu}; it is missing as well if Chromium has no adapter for WebGPU. */
  public static ModelRunner openWebGpu(RunnerName name, RunnerOptions options) {
    return open(name, options, WebSetup.find(name, OrtVariant.WEB_GPU));
  }

  static ModelRunner open(RunnerName name, RunnerOptions options, WebSetup setup) {
    return ProcessRunner.start(name, options, Page.open(name, options, setup));
  }
}
