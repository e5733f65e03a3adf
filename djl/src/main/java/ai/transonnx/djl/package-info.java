/**
 * Exported models in the Deep Java Library, on its ONNX Runtime engine: {@link
 * ai.transonnx.djl.DjlModels} makes the criteria, and translators follow from what the model's file
 * says of itself. Nothing is downloaded.
 */
@NullMarked
package ai.transonnx.djl;

import org.jspecify.annotations.NullMarked;
