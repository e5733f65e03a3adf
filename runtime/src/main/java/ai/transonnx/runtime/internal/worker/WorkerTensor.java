package ai.transonnx.runtime.internal.worker;

import java.nio.ByteBuffer;

/**
 * A tensor in a safetensors file.
 *
 * @param dtype the format's name of the element type, such as {@code F32}
 * @param data the elements in a direct buffer, little endian
 */
record WorkerTensor(String dtype, long[] shape, ByteBuffer data) {}
