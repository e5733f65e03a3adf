package ai.transonnx.attention;

/**
 * A limit of the keys that a query sees by how far they are before it.
 *
 * @param distance in positions
 * @param beyond whether those further away are seen, and no others; else those not further away
 */
public record PastLimit(int distance, boolean beyond) {}
