/**
 * The format of {@code torch.distributed.checkpoint}: a folder with an index, {@code .metadata},
 * and files such as {@code __0_0.distcp}, in which each part of a tensor is an archive of {@code
 * torch.save}.
 */
@NullMarked
package ai.transonnx.export.internal.distributed;

import org.jspecify.annotations.NullMarked;
