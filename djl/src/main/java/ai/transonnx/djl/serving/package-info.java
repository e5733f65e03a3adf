/**
 * Exported models in DJL Serving: {@link ai.transonnx.djl.serving.ServingPackage} writes a
 * directory that it loads, and {@link ai.transonnx.djl.serving.ServedTranslator} answers its
 * requests.
 */
@NullMarked
package ai.transonnx.djl.serving;

import org.jspecify.annotations.NullMarked;
