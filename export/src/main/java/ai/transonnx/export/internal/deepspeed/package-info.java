/**
 * Checkpoints of DeepSpeed's ZeRO, in which each process has written its part of the float32
 * weights. They are joined as DeepSpeed's {@code zero_to_fp32.py} does.
 */
@NullMarked
package ai.transonnx.export.internal.deepspeed;

import org.jspecify.annotations.NullMarked;
