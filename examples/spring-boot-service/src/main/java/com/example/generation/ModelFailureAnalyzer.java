package com.example.generation;

import ai.transonnx.TransonnxException;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Explains in one line, without a stack trace, why the model or its tokenizer was refused. */
class ModelFailureAnalyzer extends AbstractFailureAnalyzer<TransonnxException> {
  @Override
  protected FailureAnalysis analyze(Throwable failure, TransonnxException cause) {
    return new FailureAnalysis(cause.getMessage(), "Check the properties transonnx.*", failure);
  }
}
