/**
 * Exported models in the Deep Java Library, on its ONNX Runtime engine: {@link
 * ai.transonnx.djl.DjlModels} creates criteria, and translators are configured by the metadata in
 * the model's file. Nothing is downloaded.
 */
@NullMarked
package ai.transonnx.djl;

import org.jspecify.annotations.NullMarked;
