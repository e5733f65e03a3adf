/**
 * Runs models with ONNX Runtime's packages for JavaScript: onnxruntime-node in a process of Node,
 * onnxruntime-web in a browser whose page is served from loopback.
 */
@NullMarked
package ai.transonnx.verification.internal.runner.web;

import org.jspecify.annotations.NullMarked;
