package ai.transonnx.export;

/**
 * Where a model comes from, for the file's metadata.
 *
 * @param library such as {@code x-transformers}
 * @param version the library's version that the graph follows
 * @param config the configuration as compact JSON
 */
public record Origin(String library, String version, String config) {}
