package ai.transonnx.export.internal.distributed;

/**
 * The archive of a chunk within a file.
 *
 * @param offset the position of its first byte
 * @param length the number of bytes
 * @param isTransformed whether it is compressed or changed in another way
 */
record Region(String file, long offset, long length, boolean isTransformed) {}
