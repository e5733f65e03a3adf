package ai.transonnx.export.internal.zip;

/**
 * A checked entry of an archive.
 *
 * @param checksum the CRC-32 of its content
 * @param offset the position of its stored bytes in the archive
 * @param storedBytes the number of its stored bytes
 * @param bytes the size of its content
 */
public record ZipEntry(
    String name, boolean isDeflated, int checksum, long offset, long storedBytes, long bytes) {}
