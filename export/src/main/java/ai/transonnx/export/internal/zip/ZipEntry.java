package ai.transonnx.export.internal.zip;

/**
 * An entry of an archive, checked.
 *
 * @param checksum CRC-32 of its bytes
 * @param offset of its stored bytes in the archive
 * @param bytes the size of its content
 */
public record ZipEntry(
    String name, boolean isDeflated, int checksum, long offset, long storedBytes, long bytes) {}
