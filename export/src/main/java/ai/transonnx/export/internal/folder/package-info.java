/** Folders that trainers and model hubs keep weights in. */
@NullMarked
package ai.transonnx.export.internal.folder;

import org.jspecify.annotations.NullMarked;
